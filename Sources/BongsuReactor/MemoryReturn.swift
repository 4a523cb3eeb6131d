import BongsuBytes
import CLoop

/// Gives memory back to the system after a crowd of connections has left: the allocator would keep it.
///
/// It costs some milliseconds, so it waits until a loop has only a quarter of the connections it once had, and a second
/// more for the rest of them.
final class MemoryReturn: TimerTarget {
  private static var crowd: Int { 512 }
  private static var patience: Duration { .seconds(1) }

  private var peak = 0
  private var isScheduled = false

  /// The loop has this many connections now, after one came or went.
  func counted(_ count: Int, on loop: Loop) {
    peak = max(peak, count)
    guard peak >= Self.crowd, count < peak / 4, !isScheduled else { return }
    isScheduled = true
    _ = loop.schedule(self, at: loop.now + Self.patience)
  }

  func deadlineReached(_ now: MonotonicTime) {
    isScheduled = false
    peak = 0
    cloop_release_memory()
  }
}
