internal import BongsuEngineIO
internal import NIOCore

/// What a GET or POST with this session's id comes to.
public enum RequestVerdict: Equatable, Sendable {
  /// GET: keep it, its answer comes as an action. POST: read the body.
  case accepted([EngineAction])
  /// Answer it with 400 (`Bad request`, code 3: the session is on another transport).
  case wrongTransport
  /// Answer it with an empty 400, after the actions.
  case overlapping([EngineAction])
}

extension EngineSession {
  /// A GET came.
  public mutating func pollArrived() -> RequestVerdict {
    guard transport == .polling, state != .closed else { return .wrongTransport }
    if pollPending {
      // The first GET is answered with a close packet, the second is refused.
      return .overlapping(releasePoll(with: .close) + close(.transportError))
    }
    pollPending = true
    guard case .closing = state else { return .accepted([]) }
    if !outbox.isEmpty { return .accepted(flush()) }
    push(.type(.noop))
    push(.type(.close))
    return .accepted([takePayload()] + close(.forcedClose))
  }

  /// The connection of the pending GET is gone.
  public mutating func pollAborted() -> [EngineAction] {
    guard pollPending else { return [] }
    pollPending = false
    return close(.transportError)
  }

  /// A POST came; `isBinary` says that its content type is application/octet-stream, which only version 3
  /// allows.
  public mutating func postArrived(isBinary: Bool) -> RequestVerdict {
    guard transport == .polling else { return .wrongTransport }
    if postPending || isBinary && !dialect.isVersion3 { return .overlapping(close(.transportError)) }
    postPending = true
    return .accepted([])
  }

  /// The POST's body is complete, too large or given up.
  public mutating func postEnded() { postPending = false }

  /// Answers a pending GET with what this turn has for it, else with a packet of this type.
  mutating func releasePoll(with type: EnginePacketType) -> [EngineAction] {
    outbox.isEmpty ? endPoll(with: type) : flush()
  }

  /// Answers a pending GET with nothing but a packet of this type.
  mutating func endPoll(with type: EnginePacketType) -> [EngineAction] {
    guard pollPending else { return [] }
    pollPending = false
    return [answer([.type(type)])]
  }
}
