/// The times that govern one Engine.IO session. Defaults are the reference server's.
public struct EngineTiming: Sendable, Equatable {
  /// From one pong (or the opening) to the next ping; 25 s unless told otherwise.
  public var pingInterval: Duration {
    get { .milliseconds(milliseconds.pingInterval) }
    set { milliseconds.pingInterval = newValue.clampedMilliseconds }
  }
  /// How long a pong may take; 20 s.
  public var pingTimeout: Duration {
    get { .milliseconds(milliseconds.pingTimeout) }
    set { milliseconds.pingTimeout = newValue.clampedMilliseconds }
  }
  /// How long an upgrade may take, from the probing WebSocket's handshake to its `5`; 10 s.
  public var upgradeTimeout: Duration {
    get { .milliseconds(milliseconds.upgradeTimeout) }
    set { milliseconds.upgradeTimeout = newValue.clampedMilliseconds }
  }
  /// How long a session that is closing waits for a poll to say so; 30 s.
  public var closeTimeout: Duration {
    get { .milliseconds(milliseconds.closeTimeout) }
    set { milliseconds.closeTimeout = newValue.clampedMilliseconds }
  }

  /// How late a deadline may be noticed and still count as met in time. What follows it then counts from when it was
  /// due, so that latenesses do not add up; after a longer standstill from when it was noticed, so that a client is not
  /// blamed for it.
  var tolerance: Duration { min(.milliseconds(20), pingTimeout / 4) }

  // Every session keeps its times: a quarter of what durations would take. Three weeks are the most.
  private var milliseconds: (pingInterval: Int32, pingTimeout: Int32, upgradeTimeout: Int32, closeTimeout: Int32) =
    (25_000, 20_000, 10_000, 30_000)

  public init() {}

  public static func == (left: EngineTiming, right: EngineTiming) -> Bool { left.milliseconds == right.milliseconds }
}

extension Duration {
  /// Whole milliseconds, at least 0.
  fileprivate var clampedMilliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds < Int64(Int32.max) / 1000 else { return .max }
    return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
  }
}
