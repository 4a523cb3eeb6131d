// What Socket.IO users call on `io` itself goes to the namespace `/`.
extension Server {
  /// Calls `handler` whenever a client has joined the namespace `/`. The event is `connection`.
  public func on(_ event: String, _ handler: @escaping @Sendable (Socket) -> Void) { sockets.on(event, handler) }

  /// As the closure form; the handler runs on the socket's loop as its executor.
  public func on(_ event: String, _ handler: @escaping @Sendable (Socket) async -> Void) {
    sockets.on(event, handler)
  }

  /// Sends an event to every client in `/`.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    sockets.emit(event, repeat each arguments)
  }

  /// Those in the room (or with that socket id).
  public func to(_ rooms: String...) -> BroadcastOperator { BroadcastOperator(sockets, Target()).to(rooms) }
  /// The same as ``to(_:)``.
  public func `in`(_ rooms: String...) -> BroadcastOperator { BroadcastOperator(sockets, Target()).to(rooms) }
  /// Everyone but those in the room (or with that socket id).
  public func except(_ rooms: String...) -> BroadcastOperator { BroadcastOperator(sockets, Target()).except(rooms) }
  /// Clients that cannot take a message at once do not get it.
  public var volatile: BroadcastOperator { BroadcastOperator(sockets, Target()).volatile }
}
