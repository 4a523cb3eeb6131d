import CLoop

/// Whether answers to single clients leave one by one or wait for each other: where many clients are answered in a
/// turn, which is what the last one tells, it costs less when small answers leave together.
struct Answers {
  /// Larger ones leave while they are fresh in the processor's cache.
  private static var smallBytes: Int { 4 << 10 }

  private var count = 0
  private var countBefore = 0
  /// The kernel's tick when the first began to wait; 0 when none does.
  private var waitingSince: UInt64 = 0

  /// Counts one of so many bytes; returns whether it may wait, in a turn that is like one with at least `fewest`.
  @inline(__always)
  mutating func mayWait(_ bytes: Int, fewest: Int) -> Bool {
    count &+= 1
    return countBefore >= fewest && bytes <= Self.smallBytes
  }

  @inline(__always)
  mutating func wait() {
    if waitingSince == 0 { waitingSince = cloop_coarse_time() }
  }

  var areWaiting: Bool { waitingSince != 0 }

  /// The end of the turn is not as near as it seemed: handlers take their time, whoever's.
  @inline(__always)
  var areOverdue: Bool { waitingSince != 0 && waitingSince != cloop_coarse_time() }

  mutating func left() { waitingSince = 0 }

  mutating func turnEnded() { (count, countBefore) = (0, count) }
}
