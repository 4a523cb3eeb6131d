internal import BongsuReactor
import Synchronization

/// A communication channel of its own over shared connections: its clients, rooms and handlers.
///
/// Made by ``Server/of(_:)``. All of it is for any thread.
public final class Namespace: Sendable {
  /// With its leading slash.
  public let name: String
  /// Connected sockets by id.
  public var sockets: SocketDirectory { directory }

  let number: UInt32
  let directory: SocketDirectory
  /// Ids of the acknowledgements that the server asks for, shared by all sockets so that a broadcast needs one.
  let ackIDs = Atomic<UInt64>(0)
  /// A place for plain WebSockets alone, which no Socket.IO client can name.
  let isPlain: Bool
  private unowned let server: Server
  private let connectionHandlers = Mutex<[ConnectionHandler]>([])
  private let sharedHandlers = Mutex<EventHandlers>(EventHandlers())

  typealias ConnectionHandler = @Sendable (Socket) -> Void

  init(_ name: String, number: UInt32, server: Server, isPlain: Bool = false) {
    self.name = name
    self.number = number
    self.server = server
    self.isPlain = isPlain
    directory = SocketDirectory(loops: server.loopCount)
  }

  // MARK: Handlers

  /// Calls `handler` on the new socket's loop whenever a client has joined the namespace.
  ///
  /// - Parameter event: `connection` or `connect`.
  public func on(_ event: String, _ handler: @escaping @Sendable (Socket) -> Void) {
    precondition(event == "connection" || event == "connect", "a namespace has the event \"connection\" only")
    connectionHandlers.withLock { $0.append(handler) }
  }

  /// As the closure form; the handler runs on the socket's loop as its executor.
  public func on(_ event: String, _ handler: @escaping @Sendable (Socket) async -> Void) {
    on(event) { (socket: Socket) -> Void in
      Task(executorPreference: socket.client.hub.loop) { await handler(socket) }
    }
  }

  /// Handles an event of every socket, without a closure for each; before the sockets' own handlers.
  func onEvent(_ name: String, _ handler: @escaping EventHandler) {
    sharedHandlers.withLock { $0.add(name, handler) }
  }

  func connected(_ socket: Socket) {
    socket.shared = sharedHandlers.withLock { $0 }
    for handler in connectionHandlers.withLock({ $0 }) { handler(socket) }
  }

  func report(_ error: any Error) { server.configuration.onError(error) }

  // MARK: Publishing

  /// Sends a message to the target, from any thread.
  func publish(_ message: Message, to target: Target) {
    if let hub = server.currentHub {
      hub.local(self).publish(message, to: target)
    } else {
      // Only loops may read the room table; each looks for members itself.
      for hub in server.hubs { deliver(message, to: target, on: hub) }
    }
  }

  func deliver(_ message: Message, to target: Target, on hub: HubReference) {
    let count = message.byteCount
    hub.load.add(count)
    hub.loop.submit {
      hub.load.remove(count)
      hub.value.local(self).deliver(message, to: target)
    }
  }

  /// Runs `body` on every loop, with its part of the namespace.
  func onEveryLoop(_ body: @escaping @Sendable (LocalNamespace) -> Void) {
    for hub in server.hubs { change(on: hub, body) }
  }

  /// Runs `body` on a loop with its part of the namespace: now when called there.
  func change(on hub: HubReference, _ body: @escaping @Sendable (LocalNamespace) -> Void) {
    if hub.loop.isCurrent {
      body(hub.value.local(self))
    } else if let here = server.currentHub {
      here.local(self).change(on: hub, body)
    } else {
      hub.loop.submit { body(hub.value.local(self)) }
    }
  }

  private var everyone: BroadcastOperator { BroadcastOperator(self, Target()) }

  /// Sends an event to every client in the namespace.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    everyone.emit(event, repeat each arguments)
  }

  /// Those in the room (or with that socket id).
  public func to(_ rooms: String...) -> BroadcastOperator { everyone.to(rooms) }
  /// The same as ``to(_:)``.
  public func `in`(_ rooms: String...) -> BroadcastOperator { everyone.to(rooms) }
  /// Everyone but those in the room (or with that socket id).
  public func except(_ rooms: String...) -> BroadcastOperator { everyone.except(rooms) }
  /// Clients that cannot take a message at once do not get it.
  public var volatile: BroadcastOperator { everyone.volatile }
}
