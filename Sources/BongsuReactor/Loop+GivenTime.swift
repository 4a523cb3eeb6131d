public import BongsuBytes
import CLoop

// A loop whose time is given does all its I/O as any other, but its deadlines come when it is told that time has
// passed, and only then: tests of what takes minutes take milliseconds. All of this is for the loop's own thread.
extension Loop {
  /// When the first deadline comes; `nil` when nothing is scheduled.
  public var nextDeadline: MonotonicTime? { wheel.nextDeadline() }

  /// Says what time it is. What has become due is for ``fireDeadlines()``.
  ///
  /// - Precondition: the loop's time is given, and does not go back.
  public func moveTime(to time: MonotonicTime) {
    precondition(isTimeGiven && time >= now, "time is moved on, and only where it does not pass by itself")
    unsafe cloop_set_now(handle, UInt64(truncatingIfNeeded: time.milliseconds))
  }

  /// Tells everybody whose deadline has come; returns whether there was anybody.
  @discardableResult
  public func fireDeadlines() -> Bool {
    let now = self.now
    let due = wheel.advance(to: now)
    for target in due { (target as? any TimerTarget)?.deadlineReached(now) }
    return !due.isEmpty
  }

  /// Calls `seen` when everything that the loop had to do when it was called has been done, and what had to be said in
  /// return was given to the kernel, with what the loop has done so far. From any other thread.
  public func observe(_ seen: @escaping @Sendable (LoopActivity) -> Void) {
    // Sockets that are ready now may come after the first job in the first turn and after the second in the second, and
    // are answered when that ends.
    submit { [self] in
      submitForLater { [self] in
        submitForLater { [self] in seen(LoopActivity(arrivalsRun: arrivalsRun, arrivalsWaiting: arrivals.count)) }
      }
    }
  }
}

/// What a loop has done for other threads.
public struct LoopActivity: Sendable {
  /// How many of the jobs that one call of ``Loop/observe(_:)`` takes a loop has run in all.
  public static var jobsPerObservation: Int { 3 }

  /// Jobs run so far, those of earlier turns.
  public let arrivalsRun: Int
  /// Jobs that are still to be run.
  public let arrivalsWaiting: Int
}
