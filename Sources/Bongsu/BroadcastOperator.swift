/// Chooses who hears an event, step by step: `io.to("news").except("muted").emit("flash", headline)`.
///
/// A value: each step returns a new one. For any thread. A client in several of the rooms gets one copy, and who is in
/// an excepted room when the event is sent gets none.
public struct BroadcastOperator: Sendable {
  private let namespace: Namespace
  private var target: Target
  private var isVolatile = false

  init(_ namespace: Namespace, _ target: Target) {
    self.namespace = namespace
    self.target = target
  }

  /// Those in one of the rooms too. A socket's id is the name of a room with that socket alone.
  public func to(_ rooms: String...) -> BroadcastOperator { to(rooms) }

  /// Those in one of the rooms too.
  public func to(_ rooms: [String]) -> BroadcastOperator {
    var copy = self
    copy.target.rooms += rooms
    return copy
  }

  /// The same as ``to(_:)-(String...)``.
  public func `in`(_ rooms: String...) -> BroadcastOperator { to(rooms) }
  /// The same as ``to(_:)-([String])``.
  public func `in`(_ rooms: [String]) -> BroadcastOperator { to(rooms) }

  /// But not those in one of these rooms.
  public func except(_ rooms: String...) -> BroadcastOperator { except(rooms) }

  /// But not those in one of these rooms.
  public func except(_ rooms: [String]) -> BroadcastOperator {
    var copy = self
    copy.target.except += rooms
    return copy
  }

  /// Clients that cannot take the event at once do not get it.
  public var volatile: BroadcastOperator {
    var copy = self
    copy.isVolatile = true
    return copy
  }

  /// Sends the event. Arguments that cannot be encoded are reported to ``Configuration/onError`` and nothing is sent.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    do {
      var encoder = ArgumentEncoder(event: event)
      repeat try encoder.append(each arguments)
      let encoded = encoder.event(namespace: namespace.name, ackID: nil)
      namespace.publish(Message(content: .event(encoded), isVolatile: isVolatile), to: target)
    } catch {
      namespace.report(error)
    }
  }

  /// Lets the sockets join rooms.
  public func socketsJoin(_ rooms: String...) {
    forEachSocket { socket in for room in rooms { socket.join(room) } }
  }

  /// Lets the sockets leave rooms.
  public func socketsLeave(_ rooms: String...) {
    forEachSocket { socket in for room in rooms { socket.leave(room) } }
  }

  /// Disconnects the sockets; with `close` their connections, too.
  public func disconnectSockets(_ close: Bool = false) {
    forEachSocket { $0.disconnect(close) }
  }

  private func forEachSocket(_ body: @escaping @Sendable (Socket) -> Void) {
    let target = self.target
    namespace.onEveryLoop { local in
      var sockets: [Socket] = []
      local.forEachMember(of: target) { if let socket = $0 as? Socket { sockets.append(socket) } }
      for socket in sockets { body(socket) }
    }
  }
}
