import CLoop

/// The thread of a loop that has been started.
public struct LoopThread: Sendable {
  let id: UInt

  /// Waits until the loop has ended.
  public func join() { cloop_thread_join(id) }

  /// Nobody will wait for it.
  public func detach() { cloop_thread_detach(id) }
}
