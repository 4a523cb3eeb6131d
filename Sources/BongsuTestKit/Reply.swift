import NIOConcurrencyHelpers

/// An answer from another thread; `nil` when whoever was asked is gone.
final class Reply<Answer: Sendable>: Sendable {
  private let continuation: NIOLockedValueBox<CheckedContinuation<Answer?, Never>?>

  private init(_ continuation: CheckedContinuation<Answer?, Never>) {
    self.continuation = NIOLockedValueBox(continuation)
  }

  /// Asks, and waits until the reply is given or let go.
  static func of(_ ask: (Reply) -> Void) async -> Answer? {
    await withCheckedContinuation { ask(Reply($0)) }
  }

  func give(_ answer: Answer?) {
    let continuation = self.continuation.withLockedValue { $0.take() }
    continuation?.resume(returning: answer)
  }

  deinit { give(nil) }
}
