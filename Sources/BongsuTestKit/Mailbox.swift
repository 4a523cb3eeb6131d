import NIOConcurrencyHelpers

/// What has come and nobody has asked for yet, and who waits for what. For any thread.
final class Mailbox<Item: Sendable>: Sendable {
  private struct Waiter: Sendable {
    let id: UInt64
    let wants: @Sendable (Item) -> Bool
    let continuation: CheckedContinuation<Item, any Error>
  }

  private struct State {
    var items: [Item] = []
    var waiters: [Waiter] = []
    var nextID: UInt64 = 0
    /// Nothing more will come.
    var ending: (any Error)?
  }

  private let state = NIOLockedValueBox(State())

  /// What nobody has asked for yet, oldest first.
  var items: [Item] { state.withLockedValue { $0.items } }

  func put(_ item: Item) {
    let waiter = state.withLockedValue { state -> Waiter? in
      guard let index = state.waiters.firstIndex(where: { $0.wants(item) }) else {
        state.items.append(item)
        return nil
      }
      return state.waiters.remove(at: index)
    }
    waiter?.continuation.resume(returning: item)
  }

  /// Nothing more will come: whoever waits gets the error.
  func close(_ error: any Error) {
    let waiters = state.withLockedValue { state in
      state.ending = state.ending ?? error
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume(throwing: error) }
  }

  /// Takes the oldest item that is wanted, or waits for one. Throws ``TestKitError`` when none comes in that much real
  /// time or at all, and `CancellationError`.
  func take(
    _ what: String, within patience: Duration, _ wants: @escaping @Sendable (Item) -> Bool = { _ in true }
  ) async throws -> Item {
    let id = state.withLockedValue { state in
      defer { state.nextID += 1 }
      return state.nextID
    }
    let limit = Task {
      try await Task.sleep(for: patience)
      giveUp(id) { .timedOut("nothing came of what was waited for: \(what)", instead: $0.map { "\($0)" }) }
    }
    defer { limit.cancel() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wait(Waiter(id: id, wants: wants, continuation: $0)) }
    } onCancel: {
      giveUp(id) { _ in CancellationError() }
    }
  }

  private func wait(_ waiter: Waiter) {
    let outcome = state.withLockedValue { state -> Result<Item, any Error>? in
      if let index = state.items.firstIndex(where: waiter.wants) { return .success(state.items.remove(at: index)) }
      if let ending = state.ending { return .failure(ending) }
      if Task.isCancelled { return .failure(CancellationError()) }
      state.waiters.append(waiter)
      return nil
    }
    if let outcome { waiter.continuation.resume(with: outcome) }
  }

  private func giveUp(_ id: UInt64, _ error: ([Item]) -> any Error) {
    let (waiter, items) = state.withLockedValue { state in
      let index = state.waiters.firstIndex { $0.id == id }
      return (index.map { state.waiters.remove(at: $0) }, state.items)
    }
    waiter?.continuation.resume(throwing: error(items))
  }

  private func giveUp(_ id: UInt64, _ error: ([Item]) -> TestKitError) {
    giveUp(id) { items -> any Error in error(items) }
  }
}
