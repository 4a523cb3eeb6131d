// What Socket.IO users call on `io` itself goes to the namespace `/`.
extension Server {
  /// Calls `handler` whenever a client has joined the namespace `/`. The event is `connection`.
  @discardableResult
  public func on(_ event: String, _ handler: @escaping @Sendable (Socket) -> Void) -> EventListener {
    sockets.on(event, handler)
  }

  /// As the closure form; the handler runs on the socket's loop as its executor.
  @discardableResult
  public func on(_ event: String, _ handler: @escaping @Sendable (Socket) async -> Void) -> EventListener {
    sockets.on(event, handler)
  }

  /// Calls `handler` with the next client that joins the namespace `/`.
  @discardableResult
  public func once(_ event: String, _ handler: @escaping @Sendable (Socket) -> Void) -> EventListener {
    sockets.once(event, handler)
  }

  /// Removes a handler: what `on` or `once` returned.
  public func off(_ event: String, _ listener: EventListener) { sockets.off(event, listener) }

  /// Lets every client that wants to join `/` pass `middleware` first; see `use(_:)` of ``Namespace``.
  public func use(_ middleware: @escaping @Sendable (Socket) throws -> Void) { sockets.use(middleware) }

  /// As the closure form; the middleware runs on the socket's loop as its executor.
  public func use(_ middleware: @escaping @Sendable (Socket) async throws -> Void) { sockets.use(middleware) }

  /// Sends an event to every client in `/`.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    sockets.emit(event, repeat each arguments)
  }

  /// Sends an event to every client in `/` and collects their answers; see ``BroadcastOperator/emit(_:_:ack:)``.
  public func emit<each Argument: Encodable, Answer: Decodable & SendableMetatype>(
    _ event: String, _ arguments: repeat each Argument,
    ack: @escaping @Sendable ((any Error)?, [Answer]) -> Void
  ) {
    sockets.emit(event, repeat each arguments, ack: ack)
  }

  /// Sends an event to every client in `/` and returns their answers; see ``BroadcastOperator/emitWithAck(_:_:)``.
  public func emitWithAck<each Argument: Encodable, Answer: Decodable & Sendable>(
    _ event: String, _ arguments: repeat each Argument
  ) async throws -> [Answer] {
    try await sockets.emitWithAck(event, repeat each arguments)
  }

  /// Sends the event `message` to every client in `/`.
  public func send<each Argument: Encodable>(_ arguments: repeat each Argument) {
    sockets.emit("message", repeat each arguments)
  }

  /// The same as ``send(_:)``.
  public func write<each Argument: Encodable>(_ arguments: repeat each Argument) {
    sockets.emit("message", repeat each arguments)
  }

  /// Tells all other servers of an event; see ``Namespace/serverSideEmit(_:_:)``.
  public func serverSideEmit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    sockets.serverSideEmit(event, repeat each arguments)
  }

  /// Tells all other servers of an event and returns their answers; see ``Namespace/serverSideEmitWithAck(_:_:)``.
  public func serverSideEmitWithAck<each Argument: Encodable, Answer: Decodable & Sendable>(
    _ event: String, _ arguments: repeat each Argument
  ) async throws -> [Answer] {
    try await sockets.serverSideEmitWithAck(event, repeat each arguments)
  }

  /// Handles what another server says by ``serverSideEmit(_:_:)``; see ``Namespace/onServerSide(_:_:)``.
  public func onServerSide<each Argument: Decodable & SendableMetatype>(
    _ event: String, _ handler: @escaping @Sendable (repeat each Argument) throws -> Void
  ) {
    sockets.onServerSide(event, handler)
  }

  /// Those in the rooms (or with those socket ids).
  public func to(_ rooms: String...) -> BroadcastOperator { sockets.to(rooms) }
  /// Those in one of the rooms (or with one of those socket ids).
  public func to(_ rooms: [String]) -> BroadcastOperator { sockets.to(rooms) }
  /// The same as ``to(_:)-(String...)``.
  public func `in`(_ rooms: String...) -> BroadcastOperator { sockets.to(rooms) }
  /// The same as ``to(_:)-([String])``.
  public func `in`(_ rooms: [String]) -> BroadcastOperator { sockets.to(rooms) }
  /// Everyone but those in the rooms (or with those socket ids).
  public func except(_ rooms: String...) -> BroadcastOperator { sockets.except(rooms) }
  /// Everyone but those in one of the rooms (or with one of those socket ids).
  public func except(_ rooms: [String]) -> BroadcastOperator { sockets.except(rooms) }
  /// Clients that cannot take a message at once do not get it.
  public var volatile: BroadcastOperator { sockets.volatile }
  /// On this server only.
  public var local: BroadcastOperator { sockets.local }
  /// Whether the event is worth compressing, where compression was agreed on.
  public func compress(_ isCompressed: Bool) -> BroadcastOperator { sockets.compress(isCompressed) }
  /// How long acknowledgements may take; ``Limits/broadcastAckTime`` otherwise.
  public func timeout(_ duration: Duration) -> BroadcastOperator { sockets.timeout(duration) }

  /// The sockets of `/`, on all servers.
  public func fetchSockets() async throws -> [RemoteSocket] { try await sockets.fetchSockets() }
  /// The ids of the sockets of `/`, on all servers.
  public func allSockets() async throws -> Set<String> { try await sockets.allSockets() }
  /// Lets all sockets of `/` join rooms.
  public func socketsJoin(_ rooms: String...) { sockets.to([]).socketsJoin(rooms) }
  /// Lets all sockets of `/` leave rooms.
  public func socketsLeave(_ rooms: String...) { sockets.to([]).socketsLeave(rooms) }
  /// Disconnects all sockets of `/`; with `close` their connections, too.
  public func disconnectSockets(_ close: Bool = false) { sockets.disconnectSockets(close) }
}
