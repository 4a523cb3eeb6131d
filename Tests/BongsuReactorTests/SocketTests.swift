import BongsuReactor
import Testing

/// Tests with real sockets block their threads, of which the concurrency runtime has as many as cores: one at a time.
/// Each is run with both ways for output to leave.
@Suite(.serialized, .everyBatching) struct SocketTests {}

/// Runs a test once with a system call for each connection, and once with io_uring even for a single one, if there is
/// any here.
struct EveryBatching: TestTrait, SuiteTrait, TestScoping {
  @TaskLocal static var batching = Batching.none

  var isRecursive: Bool { true }

  func scopeProvider(for test: Test, testCase: Test.Case?) -> EveryBatching? { testCase == nil ? nil : self }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    for batching in [Batching.none, Batching(entries: 4, fewest: 1)] {
      try await Self.$batching.withValue(batching) { try await function() }
    }
  }
}

extension Trait where Self == EveryBatching {
  static var everyBatching: EveryBatching { EveryBatching() }
}
