import NIOConcurrencyHelpers

/// Collects what several loops have to say. Whoever still may say something holds a reference; when the last one is
/// gone, `done` hears everything, also when a loop has ended and will never answer.
final class Gathering<Value: Sendable>: Sendable {
  private let values = NIOLockedValueBox<[Value]>([])
  private let done: @Sendable ([Value]) -> Void

  init(_ done: @escaping @Sendable ([Value]) -> Void) { self.done = done }

  func add(_ value: Value) { values.withLockedValue { $0.append(value) } }

  deinit { done(values.withLockedValue { $0 }) }
}
