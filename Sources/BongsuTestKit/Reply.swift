import Synchronization

/// An answer from another thread; `nil` when whoever was asked is gone.
final class Reply<Answer: Sendable>: Sendable {
  private let continuation: Mutex<CheckedContinuation<Answer?, Never>?>

  private init(_ continuation: CheckedContinuation<Answer?, Never>) {
    self.continuation = Mutex(continuation)
  }

  /// Asks, and waits until the reply is given or let go.
  static func of(_ ask: (Reply) -> Void) async -> Answer? {
    await withCheckedContinuation { ask(Reply($0)) }
  }

  func give(_ answer: Answer?) {
    let continuation = self.continuation.withLock { $0.take() }
    continuation?.resume(returning: answer)
  }

  deinit { give(nil) }
}
