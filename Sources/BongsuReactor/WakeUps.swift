import Synchronization

/// Lets other threads wake a loop until it ends, and its end wait for those that are at it.
///
/// The low bits of `state` count threads inside `perform`, the top bit says that the loop has ended. Nobody waits but
/// the ending loop, for as long as a system call takes.
final class WakeUps: Sendable {
  private static var ended: UInt64 { 1 << 63 }

  private let state = Atomic<UInt64>(0)

  /// Calls `wake`, unless the loop has ended; returns whether it has not.
  func perform(_ wake: () -> Void) -> Bool {
    let isRunning = state.add(1, ordering: .acquiring).oldValue & Self.ended == 0
    if isRunning { wake() }
    state.subtract(1, ordering: .releasing)
    return isRunning
  }

  /// After this nobody wakes the loop any more.
  func end() {
    state.bitwiseOr(Self.ended, ordering: .acquiringAndReleasing)
    while state.load(ordering: .acquiring) != Self.ended {}
  }
}
