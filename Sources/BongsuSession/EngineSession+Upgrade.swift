public import BongsuBytes
public import BongsuEngineIO

extension EngineSession {
  /// Nooped polls while a client has been told that its probe works (Engine.IO 4, Upgrade).
  private static var noopInterval: Duration { .milliseconds(100) }

  /// A WebSocket with this session's id wants to take over; false when the session is on a WebSocket already or another
  /// one is trying: the newcomer is closed.
  public mutating func probeArrived(now: MonotonicTime) -> Bool {
    guard state != .closed, transport == .polling, case .none = upgrade else { return false }
    upgrade = .probing(until: now + timing.upgradeTimeout)
    return true
  }

  /// A packet came on the probing WebSocket. `data` is the packet's text behind its type digit.
  public mutating func probeReceived(_ type: EnginePacketType?, isProbe: Bool, now: MonotonicTime) -> [EngineAction] {
    switch (upgrade, type) {
    case (.probing(let until), .ping) where isProbe:
      upgrade = .probed(until: until, noopAt: now + Self.noopInterval)
      return [.sendProbeAnswer]
    case (.probed, .upgrade): return finishUpgrade(now: now)
    default: return dropProbe()
    }
  }

  /// The probing WebSocket is gone by itself.
  public mutating func probeClosed() { upgrade = .none }

  mutating func dropProbe() -> [EngineAction] {
    if case .none = upgrade { return [] }
    upgrade = .none
    return [.dropProbe]
  }

  /// `5`: what still waits for a poll goes out over the WebSocket, in order.
  private mutating func finishUpgrade(now: MonotonicTime) -> [EngineAction] {
    upgrade = .none
    let waiting = outbox
    outbox = []
    queuedBytes = 0
    transport = .webSocket
    // First the session has its transport: behind the poll, requests for others may be answered, whose handlers do
    // what they like.
    var actions = [.adoptProbe(waiting: waiting)] + endPoll(with: .close)
    // The reference forgets a running pong timeout here; a fresh one keeps the heartbeat alive.
    switch heartbeat {
    case .idle: break
    case .awaitingPong: heartbeat = .awaitingPong(until: now + timing.pingTimeout)
    case .awaitingPing: heartbeat = Self.awaitingPing(timing, now)
    }
    if case .closing = state { actions += close(.forcedClose) }
    return actions
  }
}
