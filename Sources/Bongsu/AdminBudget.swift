import NIOConcurrencyHelpers

/// So many in a second, and no more.
final class AdminBudget: Sendable {
  private struct State {
    var end: ContinuousClock.Instant
    var left = 0
  }

  private let perSecond: Int
  private let state = NIOLockedValueBox(State(end: .now))

  init(perSecond: Int) { self.perSecond = perSecond }

  func allows(_ now: ContinuousClock.Instant) -> Bool {
    state.withLockedValue { state in
      if now >= state.end { state = State(end: now + .seconds(1), left: perSecond) }
      guard state.left > 0 else { return false }
      state.left -= 1
      return true
    }
  }
}
