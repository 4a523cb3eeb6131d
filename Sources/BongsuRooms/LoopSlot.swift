import Synchronization

/// What one loop shows to the others. It is written by that loop alone.
///
/// Kept apart from `LoopState`: in Swift, changing a field in place is an access to the whole value.
struct LoopSlot: ~Copyable {
  /// The epoch the loop is pinned in, 0 while it is quiet.
  let epoch = Atomic<UInt64>(0)

  /// Rooms this loop has put into the list less those it has taken out; only the sum over all loops means anything.
  let live = Atomic<Int>(0)

  /// Entries that wait in the loop's limbo.
  let retired = Atomic<Int>(0)

  /// Two loops' words must never share a cache line, nor a pair of lines that is fetched together.
  private let padding = InlineArray<16, UInt64>(repeating: 0)

  init() {}

  /// Adds to a counter that only the calling loop writes: no read-modify-write is needed.
  static func add(_ difference: Int, to counter: borrowing Atomic<Int>) {
    counter.store(counter.load(ordering: .relaxed) &+ difference, ordering: .relaxed)
  }
}

/// What one loop keeps to itself.
struct LoopState {
  /// The loop's own copy of the epoch that it shows, so that asking costs no atomic.
  var pinned: UInt64 = 0

  /// Rooms this loop has put into the list, ever.
  var created: UInt64 = 0

  /// Entries this loop has unlinked and not freed yet, oldest first.
  var limbo = Limbo()

  private let padding = InlineArray<16, UInt64>(repeating: 0)
}
