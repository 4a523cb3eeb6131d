/// What has happened on a loop since it began. Plain numbers, which wrap around: only the loop's thread comes here.
public struct LoopCounters: Sendable {
  /// Connections accepted.
  public internal(set) var connectionsOpened = 0
  /// Connections shed because the process was out of descriptors.
  public internal(set) var connectionsShed = 0
  /// Bytes taken from the kernel, as they are on the wire.
  public internal(set) var bytesReceived = 0
  /// Bytes given to the kernel.
  public internal(set) var bytesSent = 0
  /// TLS handshakes completed, those that resumed a session among them.
  public internal(set) var handshakesCompleted = 0
  /// TLS handshakes that resumed a session.
  public internal(set) var handshakesResumed = 0
  /// TLS handshakes without an agreement, or of clients that did not speak TLS.
  public internal(set) var handshakesFailed = 0
  /// TLS handshakes that took too long.
  public internal(set) var handshakesTimedOut = 0

  // Every message counts, so these stand where the loop is at hand anyway. Whoever speaks a protocol on it counts.

  /// Messages received, whatever those are to the protocol above.
  public var messagesReceived = 0
  /// Messages sent.
  public var messagesSent = 0
}
