internal import BongsuReactor
internal import BongsuRooms
import NIOConcurrencyHelpers
import Synchronization

/// A namespace's sockets on this server: the room table and every loop's own rooms.
///
/// The adapter of a server that is alone, and the part of any other adapter that is here. From any thread.
public final class MemoryAdapter: Sendable {
  /// The namespace's name, with its leading slash.
  public let namespace: String
  /// In the room table.
  let number: UInt32
  /// A place for plain WebSockets alone, which no Socket.IO client can name.
  let isPlain: Bool
  /// How packets of the namespace's clients are written.
  let parser: Parser
  let hubs: Hubs
  let directory: SocketDirectory
  let onError: @Sendable (any Error) -> Void
  /// Nil without connection state recovery.
  let recovery: Recovery?
  /// Ids of the acknowledgements that the server asks for, shared by all sockets so that a broadcast needs one.
  let ackIDs = Atomic<UInt64>(0)
  private let policy: NIOLockedValueBox<SlowReaderPolicy>
  let roomHandlers = NIOLockedValueBox<[@Sendable (RoomEvent) -> Void]>([])
  let serverSideHandlers = NIOLockedValueBox<ServerSideHandlers>(ServerSideHandlers())

  init(_ namespace: String, number: UInt32, of namespaces: Namespaces, isPlain: Bool) {
    self.namespace = namespace
    self.number = number
    self.isPlain = isPlain
    parser = namespaces.configuration.parser
    hubs = namespaces.hubs
    directory = SocketDirectory(loops: namespaces.loops)
    onError = namespaces.configuration.onError
    recovery = isPlain ? nil : Recovery(namespaces.configuration, loops: namespaces.loops)
    policy = NIOLockedValueBox(namespaces.configuration.slowReaders)
  }

  /// What becomes of messages for slow clients.
  var slowReaders: SlowReaderPolicy {
    get { policy.withLockedValue { $0 } }
    set { policy.withLockedValue { $0 = newValue } }
  }

  // MARK: Loops

  /// This loop's part of the namespace; on the loop's thread.
  func local(on hub: Hub) -> LocalNamespace {
    let shelf = directory.shelf(hub.index)
    return shelf.local ?? open(shelf, on: hub)
  }

  private func open(_ shelf: SocketDirectory.Shelf, on hub: Hub) -> LocalNamespace {
    let new = LocalNamespace(self, shelf, hub: hub)
    shelf.local = new
    return new
  }

  /// Runs `body` on every loop, with its part of the namespace.
  func onEveryLoop(_ body: @escaping @Sendable (LocalNamespace) -> Void) {
    for hub in hubs.list { change(on: hub, body) }
  }

  /// Runs `body` on a loop with its part of the namespace: now when called there.
  func change(on hub: HubReference, _ body: @escaping @Sendable (LocalNamespace) -> Void) {
    if hub.loop.isCurrent {
      body(local(on: hub.value))
    } else if let here = hubs.current {
      local(on: here).change(on: hub, body)
    } else {
      submit(to: hub, body)
    }
  }

  // MARK: Publishing

  /// Sends a message to the target.
  func publish(_ message: Message, to target: Target) {
    if let hub = hubs.current {
      local(on: hub).publish(message, to: target)
    } else if let recovery, !message.isVolatile {
      publish(message, to: target, by: recovery)
    } else {
      // Only loops may read the room table; each looks for members itself.
      for hub in hubs.list { deliver(message, to: target, on: hub) }
    }
  }

  func deliver(_ message: Message, to target: Target, on hub: HubReference) {
    let count = message.byteCount
    hub.load.add(count)
    guard recovery == nil else {
      return submit(to: hub) { local in
        hub.load.remove(count)
        local.deliver(message, to: target)
      }
    }
    hub.loop.submit { [self] in
      hub.load.remove(count)
      local(on: hub.value).deliver(message, to: target)
    }
  }
}

extension MemoryAdapter: Adapter {
  /// Nothing has to be started.
  public func start() {}

  /// Nothing has to be closed.
  public func close() {}

  /// This server alone.
  public var serverCount: Int { 1 }

  /// To the clients here.
  public func broadcast(_ packet: Packet, to target: Target) {
    do { publish(try packet.message(parser: parser), to: target) } catch { onError(error) }
  }

  /// To the clients here, with an id of its own for the acknowledgements.
  public func broadcastWithAck(_ packet: Packet, to target: Target, collecting answers: AckCollector) {
    let id = ackIDs.add(1, ordering: .relaxed).oldValue
    let message: Message
    do { message = try packet.message(asking: id, namespace: namespace, parser: parser) } catch {
      onError(error)
      return answers.counted(clients: 0)
    }
    let counts = Gathering<Int> { answers.counted(clients: $0.reduce(0, +)) }
    onEveryLoop { counts.add($0.ask(message, id: id, target, answers)) }
  }

  /// Of the sockets here.
  public func sockets(in target: Target) async throws -> Set<String> {
    await Set(gather(target) { $0.id })
  }

  /// The sockets here.
  public func fetchSockets(in target: Target) async throws -> [RemoteSocket] {
    await gather(target) { RemoteSocket($0) }
  }

  /// What `body` makes of each socket of the target, on the socket's loop.
  func gather<Value: Sendable>(
    _ target: Target, _ body: @escaping @Sendable (Socket) -> Value
  ) async -> [Value] {
    await withCheckedContinuation { continuation in
      let found = Gathering<[Value]> { continuation.resume(returning: $0.flatMap(\.self)) }
      onEveryLoop { found.add($0.sockets(of: target).map(body)) }
    }
  }

  /// The sockets here.
  public func addSockets(_ target: Target, to rooms: [String]) {
    forEachSocket(of: target) { socket in for room in rooms { socket.join(room) } }
  }

  /// The sockets here.
  public func delSockets(_ target: Target, from rooms: [String]) {
    forEachSocket(of: target) { socket in for room in rooms { socket.leave(room) } }
  }

  /// The sockets here.
  public func disconnectSockets(_ target: Target, close: Bool) {
    forEachSocket(of: target) { $0.disconnect(close) }
  }

  private func forEachSocket(of target: Target, _ body: @escaping @Sendable (Socket) -> Void) {
    onEveryLoop { for socket in $0.sockets(of: target) { body(socket) } }
  }

  /// Throws ``AdapterError/serverSideEmitUnsupported``.
  public func serverSideEmit(_ event: Arguments) throws { throw AdapterError.serverSideEmitUnsupported }

  /// Throws ``AdapterError/serverSideEmitUnsupported``.
  public func serverSideEmitWithAck(_ event: Arguments) async throws -> [Arguments] {
    throw AdapterError.serverSideEmitUnsupported
  }
}
