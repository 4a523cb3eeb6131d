/// Chooses who hears an event, step by step: `io.to("news").except("muted").emit("flash", headline)`.
///
/// A value: each step returns a new one. For any thread. A client in several of the rooms gets one copy, and who is in
/// an excepted room when the event is sent gets none.
public struct BroadcastOperator: Sendable {
  let namespace: Namespace
  private(set) var target: Target
  private(set) var flags: EmitFlags

  init(_ namespace: Namespace, _ target: Target, _ flags: EmitFlags = EmitFlags()) {
    self.namespace = namespace
    self.target = target
    self.flags = flags
  }

  private func with(_ change: (inout BroadcastOperator) -> Void) -> BroadcastOperator {
    var copy = self
    change(&copy)
    return copy
  }

  /// What carries it to its target.
  var adapter: any Adapter { flags.isLocal ? namespace.localAdapter : namespace.adapter }

  // MARK: Whom

  /// Those in one of the rooms too. A socket's id is the name of a room with that socket alone.
  public func to(_ rooms: String...) -> BroadcastOperator { to(rooms) }

  /// Those in one of the rooms too.
  public func to(_ rooms: [String]) -> BroadcastOperator { with { $0.target.rooms += rooms } }

  /// The same as ``to(_:)-(String...)``.
  public func `in`(_ rooms: String...) -> BroadcastOperator { to(rooms) }
  /// The same as ``to(_:)-([String])``.
  public func `in`(_ rooms: [String]) -> BroadcastOperator { to(rooms) }

  /// But not those in one of these rooms.
  public func except(_ rooms: String...) -> BroadcastOperator { except(rooms) }

  /// But not those in one of these rooms.
  public func except(_ rooms: [String]) -> BroadcastOperator { with { $0.target.except += rooms } }

  /// On this server only.
  public var local: BroadcastOperator { with { $0.flags.isLocal = true } }

  // MARK: How

  /// Clients that cannot take the event at once do not get it.
  public var volatile: BroadcastOperator { with { $0.flags.isVolatile = true } }

  /// Whether the event is worth compressing, where compression was agreed on.
  public func compress(_ isCompressed: Bool) -> BroadcastOperator { with { $0.flags.isCompressed = isCompressed } }

  /// How long acknowledgements may take; ``Limits/broadcastAckTime`` otherwise.
  public func timeout(_ duration: Duration) -> BroadcastOperator { with { $0.flags.timeout = duration } }

  /// Sends the event. One that cannot be sent, by its name or its arguments, is reported to ``Configuration/onError``.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    do { adapter.broadcast(try packet(event, repeat each arguments), to: target) } catch { namespace.report(error) }
  }

  func packet<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) throws -> Packet {
    let encoded = try EncodedEvent.encoding(event, repeat each arguments, namespace: namespace)
    return Packet(
      Message(content: .event(encoded), isVolatile: flags.isVolatile, isCompressed: flags.isCompressed))
  }

  // MARK: The sockets

  /// The sockets, on all servers.
  public func fetchSockets() async throws -> [RemoteSocket] {
    try await adapter.fetchSockets(in: target).map { found in
      var socket = found
      socket.namespace = namespace
      return socket
    }
  }

  /// The ids of the sockets, on all servers.
  public func allSockets() async throws -> Set<String> { try await adapter.sockets(in: target) }

  /// Lets the sockets join rooms.
  public func socketsJoin(_ rooms: String...) { adapter.addSockets(target, to: rooms) }

  /// Lets the sockets join rooms.
  public func socketsJoin(_ rooms: [String]) { adapter.addSockets(target, to: rooms) }

  /// Lets the sockets leave rooms.
  public func socketsLeave(_ rooms: String...) { adapter.delSockets(target, from: rooms) }

  /// Lets the sockets leave rooms.
  public func socketsLeave(_ rooms: [String]) { adapter.delSockets(target, from: rooms) }

  /// Disconnects the sockets; with `close` their connections, too.
  public func disconnectSockets(_ close: Bool = false) { adapter.disconnectSockets(target, close: close) }
}
