/// What few sockets have: everything that is not a handler of one event. On the socket's loop.
final class SocketExtras {
  typealias AnyHandler = @Sendable (SocketEvent) throws -> Void

  /// What an event passes on its way to the handlers.
  enum Middleware: Sendable {
    case immediate(@Sendable (inout SocketEvent) throws -> Void)
    case waiting(@Sendable (inout SocketEvent) async throws -> Void)
  }

  /// With connection state recovery.
  var continuity: Continuity?
  /// Joined before the socket was connected: by a middleware of its namespace.
  var earlyRooms: [String] = []
  var incoming: [(listener: EventListener, handler: AnyHandler)] = []
  var outgoing: [(listener: EventListener, handler: AnyHandler)] = []
  var middlewares: [Middleware] = []
  var errorHandlers: [@Sendable (any Error) -> Void] = []
}
