// Without a target a namespace sends to everyone in it.
extension Namespace {
  private var everyone: BroadcastOperator { BroadcastOperator(self, Target()) }

  /// Sends an event to every client in the namespace.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    everyone.emit(event, repeat each arguments)
  }

  /// Sends an event and collects the answers of all clients; see ``BroadcastOperator/emit(_:_:ack:)``.
  public func emit<each Argument: Encodable, Answer: Decodable & SendableMetatype>(
    _ event: String, _ arguments: repeat each Argument,
    ack: @escaping @Sendable ((any Error)?, [Answer]) -> Void
  ) {
    everyone.emit(event, repeat each arguments, ack: ack)
  }

  /// Sends an event and returns the answers of all clients; see ``BroadcastOperator/emitWithAck(_:_:)``.
  public func emitWithAck<each Argument: Encodable, Answer: Decodable & Sendable>(
    _ event: String, _ arguments: repeat each Argument
  ) async throws -> [Answer] {
    try await everyone.emitWithAck(event, repeat each arguments)
  }

  /// Sends the event `message` to every client in the namespace.
  public func send<each Argument: Encodable>(_ arguments: repeat each Argument) {
    everyone.emit("message", repeat each arguments)
  }

  /// The same as ``send(_:)``.
  public func write<each Argument: Encodable>(_ arguments: repeat each Argument) {
    everyone.emit("message", repeat each arguments)
  }

  /// Those in the rooms (or with those socket ids).
  public func to(_ rooms: String...) -> BroadcastOperator { everyone.to(rooms) }
  /// Those in one of the rooms (or with one of those socket ids).
  public func to(_ rooms: [String]) -> BroadcastOperator { everyone.to(rooms) }
  /// The same as ``to(_:)-(String...)``.
  public func `in`(_ rooms: String...) -> BroadcastOperator { everyone.to(rooms) }
  /// The same as ``to(_:)-([String])``.
  public func `in`(_ rooms: [String]) -> BroadcastOperator { everyone.to(rooms) }
  /// Everyone but those in the rooms (or with those socket ids).
  public func except(_ rooms: String...) -> BroadcastOperator { everyone.except(rooms) }
  /// Everyone but those in one of the rooms (or with one of those socket ids).
  public func except(_ rooms: [String]) -> BroadcastOperator { everyone.except(rooms) }
  /// Clients that cannot take a message at once do not get it.
  public var volatile: BroadcastOperator { everyone.volatile }
  /// On this server only.
  public var local: BroadcastOperator { everyone.local }
  /// Whether the event is worth compressing, where compression was agreed on.
  public func compress(_ isCompressed: Bool) -> BroadcastOperator { everyone.compress(isCompressed) }
  /// How long acknowledgements may take; ``Limits/broadcastAckTime`` otherwise.
  public func timeout(_ duration: Duration) -> BroadcastOperator { everyone.timeout(duration) }

  /// The sockets of the namespace, on all servers.
  public func fetchSockets() async throws -> [RemoteSocket] { try await everyone.fetchSockets() }
  /// The ids of the sockets of the namespace, on all servers.
  public func allSockets() async throws -> Set<String> { try await everyone.allSockets() }
  /// Lets all sockets join rooms.
  public func socketsJoin(_ rooms: String...) { everyone.socketsJoin(rooms) }
  /// Lets all sockets leave rooms.
  public func socketsLeave(_ rooms: String...) { everyone.socketsLeave(rooms) }
  /// Disconnects all sockets; with `close` their connections, too.
  public func disconnectSockets(_ close: Bool = false) { everyone.disconnectSockets(close) }
}
