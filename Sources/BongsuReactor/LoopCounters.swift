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
  /// Messages received, whatever those are to the protocol above.
  public internal(set) var messagesReceived = 0
  /// Messages sent, shared ones among them.
  public internal(set) var messagesSent = 0
}

// Counted by whoever speaks a protocol on the loop, but here: from another module an access to a property of a class
// is checked for overlaps, which costs as much as a tenth of an echo.
extension Loop {
  /// A message was received; returns ``isTraced``.
  public func noteReceived() -> Bool {
    counters.messagesReceived &+= 1
    return isTraced
  }

  /// A message is sent to one connection; returns ``isTraced``.
  public func noteSent() -> Bool {
    counters.messagesSent &+= 1
    return isTraced
  }
}
