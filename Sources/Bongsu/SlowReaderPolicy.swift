/// What becomes of messages for a client that does not read them as fast as they come.
///
/// Messages are what is sent to many, and events that ask for no acknowledgement. Everything else is never dropped:
/// acknowledgements and questions for one, packets of the protocol, control frames, the closing handshake. A message is
/// dropped whole, with its attachments, and never when a part of it has been sent.
public struct SlowReaderPolicy: Sendable, Equatable {
  private enum Kind {
    case disconnect, drop, latest
  }

  /// What becomes of one message.
  enum Verdict {
    case send, drop, keep, disconnect
  }

  private let kind: Kind
  /// The event that tells a client how many messages it has missed; `nil` when it is not told.
  public private(set) var event: String?

  private init(_ kind: Kind) { self.kind = kind }

  /// A client for which more than ``Limits/queuedBytes`` wait when another message comes is disconnected.
  public static let disconnect = SlowReaderPolicy(.disconnect)

  /// A client for which more than ``Limits/queuedBytes`` wait gets no new messages until it has taken all of those.
  public static let drop = SlowReaderPolicy(.drop)

  /// Only the newest message waits for a client that takes no more just now: each replaces the one before. It is sent
  /// as soon as the client has taken what was on its way. For a client that polls this begins when more than
  /// ``Limits/queuedBytes`` wait, since there is always some time between two polls.
  public static let latest = SlowReaderPolicy(.latest)

  /// The same, and once a client has caught up it is sent this event with the number of messages that it has missed
  /// since it fell behind; a plain WebSocket the text `["event",number]`. ``disconnect`` has nothing to report.
  public func reporting(_ event: String = "dropped") -> SlowReaderPolicy {
    var policy = self
    policy.event = event
    return policy
  }

  /// Whether messages may be lost without the connection.
  var drops: Bool { kind != .disconnect }

  /// - Parameters:
  ///   - isBehind: the client has missed something and not caught up.
  ///   - isStuck: it takes no more just now.
  ///   - isOverfull: more waits for it than may.
  func verdict(isBehind: Bool, isStuck: Bool, isOverfull: Bool) -> Verdict {
    switch kind {
    case .disconnect: isOverfull ? .disconnect : .send
    case .drop: isBehind || isOverfull ? .drop : .send
    case .latest: isBehind || isOverfull || isStuck ? .keep : .send
    }
  }
}
