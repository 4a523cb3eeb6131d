/// The times that govern one Engine.IO session. Defaults are the reference server's.
public struct EngineTiming: Sendable, Equatable {
  /// From one pong (or the opening) to the next ping.
  public var pingInterval: Duration = .seconds(25)
  /// How long a pong may take.
  public var pingTimeout: Duration = .seconds(20)
  /// How long an upgrade may take, from the probing WebSocket's handshake to its `5`.
  public var upgradeTimeout: Duration = .seconds(10)
  /// How long a session that is closing waits for a poll to say so.
  public var closeTimeout: Duration = .seconds(30)

  /// How late a deadline may be noticed and still count as met in time. What follows it then counts from when it was
  /// due, so that latenesses do not add up; after a longer standstill from when it was noticed, so that a client is not
  /// blamed for it.
  var tolerance: Duration { min(.milliseconds(20), pingTimeout / 4) }

  public init() {}
}
