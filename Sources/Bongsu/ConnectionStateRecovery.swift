/// How clients that lose their connection get back their id, rooms and data and what they have missed: the reference's
/// option `connectionStateRecovery`, with limits. All of it is per namespace.
///
/// Events are kept for ``maxDisconnectionDuration`` and as long as a heartbeat takes to notice that a client has gone,
/// within ``packetBytes`` and ``packetCount``. A client comes back as it was only if nothing that it needs was dropped;
/// else it is told that it is new.
public struct ConnectionStateRecovery: Sendable {
  /// How long after the loss of its connection was noticed a client may come back.
  public var maxDisconnectionDuration = Duration.seconds(120)
  /// Whether clients that come back do not pass the namespace's middlewares again.
  public var skipMiddlewares = true
  /// Bytes of the kept events with all that belongs to them; the oldest are dropped first. Beyond
  /// ``Limits/queuedBytes`` no client can be sent what it has missed.
  public var packetBytes = 16 << 20
  /// Kept events; the oldest are dropped first.
  public var packetCount = 100_000
  /// Bytes of what is kept about clients that have gone, without what ``Socket/data`` refers to; those that cost most
  /// are dropped first, which are those in very many rooms.
  public var sessionBytes = 32 << 20
  /// Clients that have gone and may come back; the oldest are dropped first.
  public var sessionCount = 100_000
  /// Rooms that a client has left whose events it can still be sent, should they have been lost on their way. A client
  /// that left more of them in a short time may be told that it is new.
  public var formerRooms = 256

  /// The reference's times: two minutes, middlewares are skipped.
  public init() {}

  /// As above, with another time.
  public init(maxDisconnectionDuration: Duration, skipMiddlewares: Bool = true) {
    self.maxDisconnectionDuration = maxDisconnectionDuration
    self.skipMiddlewares = skipMiddlewares
  }
}
