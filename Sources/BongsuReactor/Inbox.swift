import Synchronization

/// What another thread asks a loop to do.
enum Job: Sendable {
  case call(@Sendable () -> Void)
  case task(UnownedJob)
}

/// A lock-free queue from many threads to one loop.
///
/// Producers push onto a stack with a compare-and-swap; the loop takes the whole stack with one exchange and reverses
/// it, so each producer's order is kept. There is no ABA problem: nothing is ever popped singly. The releasing push
/// pairs with the acquiring exchange, which makes everything written before a push visible to the loop.
@safe
final class Inbox: @unchecked Sendable {
  @safe
  private final class Node {
    let job: Job
    nonisolated(unsafe) var next: Unmanaged<Node>?
    init(_ job: Job) { self.job = job }
  }

  // The pointer stands for one strong reference to the newest node.
  private let newest = unsafe Atomic<UnsafeMutableRawPointer?>(nil)

  /// Returns whether the inbox was empty, that is, whether the loop has to be woken. From any thread.
  func push(_ job: Job) -> Bool {
    let node = Node(job)
    let raw = unsafe Unmanaged.passRetained(node).toOpaque()
    var head = unsafe newest.load(ordering: .relaxed)
    while true {
      unsafe node.next = unsafe head.map { unsafe Unmanaged<Node>.fromOpaque($0) }
      let (exchanged, original) = unsafe newest.weakCompareExchange(
        expected: head, desired: raw, successOrdering: .releasing, failureOrdering: .relaxed)
      if exchanged { return unsafe head == nil }
      unsafe head = unsafe original
    }
  }

  /// Takes everything that was pushed, oldest first. Only from the loop's thread, or when the loop has ended.
  func drain() -> [Job] {
    guard unsafe newest.load(ordering: .relaxed) != nil else { return [] }
    var cursor = unsafe newest.exchange(nil, ordering: .acquiring).map { unsafe Unmanaged<Node>.fromOpaque($0) }
    var jobs: [Job] = []
    while let node = unsafe cursor?.takeRetainedValue() {
      jobs.append(node.job)
      unsafe cursor = unsafe node.next
    }
    jobs.reverse()
    return jobs
  }

  deinit { _ = drain() }
}
