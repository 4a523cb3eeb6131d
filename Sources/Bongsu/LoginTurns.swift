import NIOConcurrencyHelpers

/// Who may try to log in now: of each address one at a time and the others one after the other, and none for a while
/// after one was wrong. From any thread.
final class LoginTurns: Sendable {
  private struct Waiter {
    let number: UInt64
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct Line {
    var isBusy = false
    /// Nobody has a turn before that.
    var free = ContinuousClock.now
    /// In the order of their coming.
    var waiters: [Waiter] = []

    var isOver: Bool { !isBusy && waiters.isEmpty && free <= .now }
  }

  private struct State {
    var lines: [String: Line] = [:]
    /// Those that wait and those that have a turn.
    var count = 0
    var came: UInt64 = 0
  }

  /// Addresses that have tried.
  private static var addresses: Int { 4_096 }

  private let maximum: Int
  /// No address has more than a part of the places.
  private var maximumPerAddress: Int { max(maximum / 4, min(maximum, 1)) }
  private let patience: Duration
  private let pause: Duration
  private let state = NIOLockedValueBox(State())

  init(_ options: AdminUI) {
    maximum = options.waitingLogins
    patience = options.loginWait
    pause = options.loginPause
  }

  /// Waits for a turn; false when there is none within the time. Whoever has one must call ``end(_:isRight:)``.
  func begin(_ address: String) async -> Bool {
    await withCheckedContinuation { continuation in
      guard let number = enter(address, continuation) else { return continuation.resume(returning: false) }
      advance(address)
      giveUp(number, address)
    }
  }

  /// Those that wait and those that have a turn, for tests.
  var count: Int { state.withLockedValue { $0.count } }

  private func enter(_ address: String, _ continuation: CheckedContinuation<Bool, Never>) -> UInt64? {
    state.withLockedValue { state in
      if state.lines.count >= Self.addresses { state.lines = state.lines.filter { !$0.value.isOver } }
      guard state.count < maximum, state.lines[address] != nil || state.lines.count < Self.addresses else { return nil }
      var line = state.lines[address] ?? Line()
      guard line.waiters.count + (line.isBusy ? 1 : 0) < maximumPerAddress, line.free <= .now + patience else {
        return nil
      }
      state.count += 1
      state.came += 1
      line.waiters.append(Waiter(number: state.came, continuation: continuation))
      state.lines[address] = line
      return state.came
    }
  }

  /// Gives the next in the line its turn, now or as soon as there may be one.
  private func advance(_ address: String) {
    let (next, pause) = state.withLockedValue { state -> (Waiter?, Duration?) in
      guard var line = state.lines[address], !line.isBusy, !line.waiters.isEmpty else { return (nil, nil) }
      guard line.free <= .now else { return (nil, line.free - .now) }
      line.isBusy = true
      let next = line.waiters.removeFirst()
      state.lines[address] = line
      return (next, nil)
    }
    next?.continuation.resume(returning: true)
    guard let pause else { return }
    Task {
      try? await Task.sleep(for: pause)
      advance(address)
    }
  }

  /// Sends somebody away whose turn has not come in time.
  private func giveUp(_ number: UInt64, _ address: String) {
    guard let waiter = waits(number, address) else { return }
    guard patience > .zero else { return leave(waiter, address) }
    Task {
      try? await Task.sleep(for: patience)
      leave(waiter, address)
    }
  }

  private func waits(_ number: UInt64, _ address: String) -> Waiter? {
    state.withLockedValue { $0.lines[address]?.waiters.first { $0.number == number } }
  }

  private func leave(_ waiter: Waiter, _ address: String) {
    let isWaiting = state.withLockedValue { state in
      guard let index = state.lines[address]?.waiters.firstIndex(where: { $0.number == waiter.number }) else {
        return false
      }
      state.lines[address]?.waiters.remove(at: index)
      state.count -= 1
      return true
    }
    if isWaiting { waiter.continuation.resume(returning: false) }
  }

  /// A turn is over.
  func end(_ address: String, isRight: Bool) {
    state.withLockedValue { state in
      state.count -= 1
      state.lines[address]?.isBusy = false
      if !isRight { state.lines[address]?.free = .now + pause }
      if state.lines[address]?.isOver == true { state.lines[address] = nil }
    }
    advance(address)
  }
}
