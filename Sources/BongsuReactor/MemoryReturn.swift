public import BongsuBytes
import CLoop

/// Gives memory back to the system after a crowd has left: the allocator would keep it.
///
/// It costs some milliseconds, so it waits until there is only a quarter of those there once were, and a second more
/// for the rest of them.
public final class MemoryReturn: TimerTarget {
  private static var crowd: Int { 512 }
  private static var patience: Duration { .seconds(1) }

  private var peak = 0
  private var isScheduled = false

  /// Nothing has been counted yet.
  public init() {}

  /// There are this many now, after one came or went.
  public func counted(_ count: Int, on loop: Loop) {
    peak = max(peak, count)
    guard peak >= Self.crowd, count < peak / 4, !isScheduled else { return }
    isScheduled = true
    _ = loop.schedule(self, at: loop.now + Self.patience)
  }

  public func deadlineReached(_ now: MonotonicTime) {
    isScheduled = false
    peak = 0
    cloop_release_memory()
  }
}
