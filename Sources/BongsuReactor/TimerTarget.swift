public import BongsuBytes

/// Something that waits for a deadline on a loop.
public protocol TimerTarget: AnyObject {
  /// A deadline has come. It may be one that was cancelled earlier in the same turn: look at your own state.
  func deadlineReached(_ now: MonotonicTime)
}
