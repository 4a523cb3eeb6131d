/// A point on the clock that never goes back, in whole milliseconds since an arbitrary start.
///
/// The pure layers never ask for the time: whoever drives them says what time it is. Sums saturate, so a timeout of any
/// size can be added to any time.
public struct MonotonicTime: Comparable, Hashable, Sendable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Later than every other time: the deadline of something that has none. Adding to it leaves it as it is.
  public static var never: MonotonicTime { MonotonicTime(milliseconds: .max) }

  public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The time `duration` later. A part of a millisecond counts as a whole one, so that no deadline comes early.
  public static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
    guard time != .never else { return .never }
    let attosecondsPerMillisecond: Int128 = 1_000_000_000_000_000
    let (whole, part) = duration.attoseconds.quotientAndRemainder(dividingBy: attosecondsPerMillisecond)
    // Division rounds towards zero, which for a negative duration is already the later millisecond.
    let milliseconds = Int128(time.milliseconds) + whole + (part > 0 ? 1 : 0)
    return MonotonicTime(milliseconds: Int64(clamping: milliseconds))
  }

  public static func += (time: inout MonotonicTime, duration: Duration) {
    time = time + duration
  }

  /// How long after `right` the time `left` is; negative when it is before.
  public static func - (left: MonotonicTime, right: MonotonicTime) -> Duration {
    let (difference, overflow) = left.milliseconds.subtractingReportingOverflow(right.milliseconds)
    guard overflow else { return .milliseconds(difference) }
    return .milliseconds(left < right ? Int64.min : Int64.max)
  }
}
