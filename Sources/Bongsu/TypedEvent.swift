/// An event's name together with the types of its arguments: declared once, and neither who sends it nor who handles it
/// can get them wrong.
///
/// ```swift
/// let moved = TypedEvent<Player, Position>("moved")
/// socket.on(moved) { player, position in socket.broadcast.emit(moved, player, position) }
/// ```
public struct TypedEvent<each Argument: Codable & Sendable>: Sendable {
  /// The event's name.
  public let name: String

  /// Reserved names are refused when the event is sent.
  public init(_ name: String) { self.name = name }
}

extension Socket {
  /// Calls `handler` with the arguments of each event; as `on(_:_:)` with the event's name.
  @discardableResult
  public func on<each Argument>(
    _ event: TypedEvent<repeat each Argument>, _ handler: @escaping @Sendable (repeat each Argument) throws -> Void
  ) -> EventListener { on(event.name, handler) }

  /// As the closure form; `handler` runs on the socket's loop as its executor, one task for each event.
  @discardableResult
  public func on<each Argument>(
    _ event: TypedEvent<repeat each Argument>,
    _ handler: @escaping @Sendable (repeat each Argument) async throws -> Void
  ) -> EventListener { on(event.name, handler) }

  /// Sends the event to this client.
  public func emit<each Argument>(_ event: TypedEvent<repeat each Argument>, _ arguments: repeat each Argument) {
    emit(event.name, repeat each arguments)
  }
}

extension BroadcastOperator {
  /// Sends the event.
  public func emit<each Argument>(_ event: TypedEvent<repeat each Argument>, _ arguments: repeat each Argument) {
    emit(event.name, repeat each arguments)
  }
}

extension Namespace {
  /// Sends the event to every client in the namespace.
  public func emit<each Argument>(_ event: TypedEvent<repeat each Argument>, _ arguments: repeat each Argument) {
    emit(event.name, repeat each arguments)
  }
}

extension Server {
  /// Sends the event to every client in `/`.
  public func emit<each Argument>(_ event: TypedEvent<repeat each Argument>, _ arguments: repeat each Argument) {
    emit(event.name, repeat each arguments)
  }
}
