public import BongsuBytes
internal import BongsuEngineIO

extension EngineSession {
  /// The session's WebSocket is gone or was closed by the client.
  public mutating func webSocketClosed(_ reason: CloseReason) -> [EngineAction] {
    guard state != .closed else { return [] }
    state = .closed
    return [.closed(reason)]
  }

  /// The server ends the session and lets the client have what waits for it: a polling client learns of it with its
  /// next poll. The result holds `closed` only when it is over at once.
  public mutating func closeGracefully(now: MonotonicTime) -> [EngineAction] {
    guard state == .open else { return [] }
    if transport == .webSocket { return close(.forcedClose) }
    if outbox.isEmpty, pollPending { return endPoll(with: .close) + close(.forcedClose) }
    state = .closing(until: now + timing.closeTimeout)
    return flush()
  }

  /// The server shuts down: a pending poll gets what this turn has for it, or is told to close.
  public mutating func shutDown() -> [EngineAction] {
    guard state != .closed else { return [] }
    return releasePoll(with: .close) + close(.forcedClose)
  }

  /// Ends the session now. A pending GET is let go with a noop.
  public mutating func close(_ reason: CloseReason) -> [EngineAction] {
    guard state != .closed else { return [] }
    var actions = releasePoll(with: .noop) + dropProbe()
    state = .closed
    if transport == .webSocket { actions.append(.closeWebSocket) }
    outbox = []
    queuedBytes = 0
    actions.append(.closed(reason))
    return actions
  }

  /// A deadline may have come: pings, pongs that did not come, upgrades and closings that took too long.
  public mutating func deadlineReached(_ now: MonotonicTime) -> [EngineAction] {
    switch state {
    case .closed: return []
    case .closing(let until): return now < until ? [] : close(.forcedClose)
    case .open: break
    }
    let late = upgradeDeadlineReached(now)
    switch heartbeat {
    case .idle(let pingAt) where now >= pingAt:
      let sentAt = now < pingAt + timing.tolerance ? pingAt : now
      heartbeat = .awaitingPong(until: sentAt + timing.pingTimeout)
      if transport == .webSocket { return late + [.send(.type(.ping))] }
      push(.type(.ping))
      return late + flush()
    case .awaitingPong(let until) where now >= until, .awaitingPing(let until) where now >= until:
      return late + close(.pingTimeout)
    default: return late
    }
  }

  private mutating func upgradeDeadlineReached(_ now: MonotonicTime) -> [EngineAction] {
    switch upgrade {
    case .probing(let until) where now >= until, .probed(let until, _) where now >= until: return dropProbe()
    case .probed(let until, let noopAt) where now >= noopAt && pollPending:
      upgrade = .probed(until: until, noopAt: now + .milliseconds(100))
      return outbox.isEmpty ? endPoll(with: .noop) : flush()
    default: return []
    }
  }
}
