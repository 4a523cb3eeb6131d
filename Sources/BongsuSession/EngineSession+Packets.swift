public import BongsuBytes
public import BongsuEngineIO
internal import NIOCore

/// What one packet of the client comes to.
public enum PacketVerdict: Equatable, Sendable {
  /// Text for the layer above: a range of the packet's bytes.
  case message(Range<Int>)
  /// A binary message as base64: a range of the packet's bytes.
  case binary(base64: Range<Int>)
  /// A binary message as it is: a range of the packet's bytes.
  case bytes(Range<Int>)
  /// Nothing to do, or what the actions say.
  case nothing
  case actions([EngineAction])
}

extension EngineSession {
  /// A packet came in a poll's POST or in a WebSocket text message. The time matters to few of them.
  public mutating func received(_ packet: EnginePacket, now: @autoclosure () -> MonotonicTime) -> PacketVerdict {
    guard state == .open else { return .nothing }
    switch packet {
    case .binary(let range): return .binary(base64: range)
    case .bytes(let range): return .bytes(range)
    case .invalid: return .actions(close(.parseError))
    case .packet(.message, let data): return .message(data)
    case .packet(.ping, _): return pinged(now())
    case .packet(.pong, _): return ponged(now())
    case .packet(.close, _): return .actions(close(.transportClose))
    case .packet(.open, _), .packet(.upgrade, _), .packet(.noop, _): return .nothing
    }
  }

  /// In version 4 only the server pings (Engine.IO 4, Heartbeat), in version 3 only the client.
  private mutating func pinged(_ now: MonotonicTime) -> PacketVerdict {
    guard dialect.isVersion3 else { return .actions(close(.transportError)) }
    heartbeat = Self.awaitingPing(timing, now)
    if transport == .webSocket { return .actions([.send(.type(.pong))]) }
    // One answer is enough for a client that pings and pings and does not poll.
    if outbox.last != .type(.pong) { push(.type(.pong)) }
    return .actions(flush())
  }

  private mutating func ponged(_ now: MonotonicTime) -> PacketVerdict {
    if dialect.isVersion3 { return .actions(close(.transportError)) }
    if case .awaitingPong = heartbeat { heartbeat = .idle(pingAt: now + timing.pingInterval) }
    return .nothing
  }

  /// Queues a packet for the next poll. Only while the transport is polling.
  public mutating func enqueue(_ packet: OutgoingPacket) {
    guard state == .open, transport == .polling else { return }
    push(packet)
  }

  mutating func push(_ packet: OutgoingPacket) {
    outbox.append(packet)
    queuedBytes += packet.cost
  }

  /// The answer to a pending GET, once there is something to say: at the end of the driver's turn, so that packets of
  /// one turn share an answer.
  public mutating func flush() -> [EngineAction] {
    guard pollPending, !outbox.isEmpty, state != .closed else { return [] }
    return [takePayload()]
  }

  /// The answer with all that waits.
  mutating func takePayload() -> EngineAction {
    let answer = answer(outbox)
    outbox = []
    queuedBytes = 0
    pollPending = false
    return answer
  }

  func answer(_ packets: [OutgoingPacket]) -> EngineAction {
    let payload = packets.payload(dialect)
    return .answerPoll(payload.bytes, isBinary: payload.isBinary)
  }
}
