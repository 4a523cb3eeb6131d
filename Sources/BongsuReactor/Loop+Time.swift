public import BongsuBytes
import CLoop

// Deadlines: all of a loop are behind one timer of the system's.
extension Loop {
  /// Calls `target` at `deadline` or some milliseconds later.
  public func schedule(_ target: any TimerTarget, at deadline: MonotonicTime) -> TimerID {
    mustArm = true
    return wheel.schedule(target, at: deadline)
  }

  /// Forgets a deadline; one that has passed or ``TimerID/none`` is ignored.
  public func cancel(_ id: TimerID) { wheel.cancel(id) }

  func timerFired() {
    armedFor = .max
    mustArm = true
    fireDeadlines()
  }

  func armTimer() {
    guard mustArm else { return }
    mustArm = false
    guard !isTimeGiven else { return }
    let now = self.now
    guard let delay = wheel.delay(from: now) else { return }
    let due = now.milliseconds + delay
    guard due < armedFor else { return }
    armedFor = due
    unsafe cloop_timer_arm(handle, UInt64(delay))
  }
}
