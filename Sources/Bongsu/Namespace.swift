internal import BongsuReactor
import NIOConcurrencyHelpers

/// A communication channel of its own over shared connections: its clients, rooms and handlers.
///
/// Made by ``Server/of(_:)-(String)``. All of it is for any thread.
public final class Namespace: Sendable {
  typealias ConnectionHandler = @Sendable (Socket) -> Void

  /// Somebody who hears of new sockets.
  struct ConnectionListener: Sendable {
    let listener = EventListener()
    var isOnce = false
    let handler: ConnectionHandler
  }

  /// What its users have declared; a child begins with what its parent has.
  struct Declarations: Sendable {
    var middlewares: [NamespaceMiddleware] = []
    var connectionListeners: [ConnectionListener] = []
    /// Handlers of every socket, without a closure for each; before the sockets' own.
    var eventHandlers = EventHandlers()
    var slowReaders: SlowReaderPolicy?
  }

  /// With its leading slash.
  public let name: String
  /// Carries messages to the namespace's clients, here and on other servers.
  public let adapter: any Adapter
  /// The part of the adapter that is here.
  let memory: MemoryAdapter
  /// Namespaces made by a pattern: what is sent to the parent is sent to each of them.
  let children: ChildNamespaces?
  let limits: Limits
  /// How packets of its clients are written.
  let parser: Parser
  private unowned let namespaces: Namespaces
  private let declarations: NIOLockedValueBox<Declarations>

  init(
    _ name: String, number: UInt32, of namespaces: Namespaces, isPlain: Bool = false, isParent: Bool = false,
    declarations: Declarations = Declarations()
  ) {
    self.name = name
    self.namespaces = namespaces
    self.declarations = NIOLockedValueBox(declarations)
    limits = namespaces.configuration.limits
    parser = namespaces.configuration.parser
    memory = MemoryAdapter(name, number: number, of: namespaces, isPlain: isPlain)
    if let policy = declarations.slowReaders { memory.slowReaders = policy }
    let children = isParent ? ChildNamespaces() : nil
    self.children = children
    if let children {
      adapter = ParentAdapter(children)
    } else {
      adapter = isPlain ? memory : namespaces.configuration.adapter?(memory) ?? memory
    }
  }

  /// The server that the namespace is of. Not for an adapter that is being made.
  public var server: Server { namespaces.server }

  /// Connected sockets of this server by id.
  public var sockets: SocketDirectory { memory.directory }

  /// What becomes of messages for clients that read too slowly; ``Configuration/slowReaders`` unless it is set.
  /// Namespaces that are made by a pattern begin with their parent's.
  public var slowReaders: SlowReaderPolicy {
    get { memory.slowReaders }
    set {
      memory.slowReaders = newValue
      declarations.withLockedValue { $0.slowReaders = newValue }
    }
  }

  /// Whether this is the id of a client that is here, or of one that has gone and may come back.
  func isClientID(_ name: String) -> Bool {
    if sockets[name] != nil { return true }
    guard let recovery = memory.recovery, let id = Identifier(name) else { return false }
    return recovery.reserved.contains(id)
  }

  /// Without other servers; a parent's children are here as well.
  var localAdapter: any Adapter { children.map { ParentAdapter($0, isLocal: true) } ?? memory }

  // MARK: Handlers

  /// Calls `handler` on the new socket's loop whenever a client has joined the namespace.
  ///
  /// - Parameters:
  ///   - event: `connection` or `connect`; there is no other, and it is reported to ``Configuration/onError``.
  ///   - handler: is given the new socket.
  @discardableResult
  public func on(_ event: String, _ handler: @escaping @Sendable (Socket) -> Void) -> EventListener {
    add(event, ConnectionListener(handler: handler))
  }

  /// As the closure form; the handler runs on the socket's loop as its executor.
  @discardableResult
  public func on(_ event: String, _ handler: @escaping @Sendable (Socket) async -> Void) -> EventListener {
    on(event) { (socket: Socket) -> Void in
      Task(executorPreference: socket.holder.hub.loop) { await handler(socket) }
    }
  }

  /// Calls `handler` with the next client that joins the namespace, and with no other.
  @discardableResult
  public func once(_ event: String, _ handler: @escaping @Sendable (Socket) -> Void) -> EventListener {
    add(event, ConnectionListener(isOnce: true, handler: handler))
  }

  /// Removes a handler: what `on` or `once` returned.
  public func off(_ event: String, _ listener: EventListener) {
    declarations.withLockedValue { $0.connectionListeners.removeAll { $0.listener == listener } }
  }

  private func add(_ event: String, _ listener: ConnectionListener) -> EventListener {
    if event == "connection" || event == "connect" {
      declarations.withLockedValue { $0.connectionListeners.append(listener) }
    } else {
      report(NamespaceError.unknownEvent(event))
    }
    return listener.listener
  }

  /// Lets every client that wants to join pass `middleware` first, on its socket's loop, one middleware after the
  /// other. When one throws, the client is told so: a ``ConnectError`` in its own words, any other error without
  /// details, which go to ``Configuration/onError``.
  public func use(_ middleware: @escaping @Sendable (Socket) throws -> Void) {
    declarations.withLockedValue { $0.middlewares.append(.immediate(middleware)) }
  }

  /// As the closure form; the middleware runs on the socket's loop as its executor. The client is in no room and hears
  /// nothing until it has passed; ``Limits/connectTime`` goes on meanwhile.
  public func use(_ middleware: @escaping @Sendable (Socket) async throws -> Void) {
    declarations.withLockedValue { $0.middlewares.append(.waiting(middleware)) }
  }

  /// Calls `handler` when a room of this namespace is created or deleted on this server, and when a socket joins or
  /// leaves it; on that socket's loop.
  public func onRoomEvent(_ handler: @escaping @Sendable (RoomEvent) -> Void) { memory.onRoomEvent(handler) }

  /// Calls `handler` with each new socket before the handlers of the namespace's users hear of it.
  func onConnectionFirst(_ handler: @escaping ConnectionHandler) {
    declarations.withLockedValue { $0.connectionListeners.insert(ConnectionListener(handler: handler), at: 0) }
  }

  /// Handles an event of every socket, without a closure for each; before the sockets' own handlers.
  func onEvent(_ name: String, _ handler: @escaping EventHandler) {
    declarations.withLockedValue { $0.eventHandlers.add(name, EventListener(), handler) }
  }

  var declared: Declarations { declarations.withLockedValue { $0 } }

  func connected(_ socket: Socket) {
    let declared = self.declared
    socket.shared = declared.eventHandlers
    for entry in declared.connectionListeners where !entry.isOnce || take(entry.listener) { entry.handler(socket) }
  }

  /// Whether a listener for one client has not had its client yet.
  private func take(_ listener: EventListener) -> Bool {
    declarations.withLockedValue { declarations in
      let index = declarations.connectionListeners.firstIndex { $0.listener == listener }
      return index.map { declarations.connectionListeners.remove(at: $0) } != nil
    }
  }

  /// A client has left, or could not join.
  func left() { namespaces.leave(self) }

  func report(_ error: any Error) { memory.onError(error) }

  /// Sends a message to the target, from any thread.
  func publish(_ message: Message, to target: Target) { adapter.broadcast(Packet(message), to: target) }
}

/// How a namespace is used that it cannot be used.
public enum NamespaceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Clients of a namespace have any event, a namespace itself only `connection`.
  case unknownEvent(String)

  public var description: String {
    switch self {
    case .unknownEvent(let name):
      "a namespace has the event \"connection\"; handle \"\(name)\" on its sockets, or by onServerSide"
    }
  }
}
