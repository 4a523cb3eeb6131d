import Synchronization

/// Knows when no loop can hold a reference to a retired entry any more.
///
/// A loop is *pinned* from its first call on the table in a turn until `quiesce`, else it is quiet. There is one global
/// epoch; a pinned loop shows the epoch it was pinned in, and the epoch moves from `e` to `e + 1` only when every loop
/// is quiet or shows `e`. An entry retired by a loop that shows `e` is freed when the epoch has reached `e + 3`:
///
/// * A loop that shows `e + 1` or less keeps the epoch at `e + 2` or less. So none of them is pinned.
/// * A loop that shows `e + 2` or more cannot have found the entry. The epoch left `e + 1` after some loop had seen
///   that the retiring loop no longer showed `e`. That is the store with which it became quiet, or one after it; the
///   unlinking came before. The store releases, the look acquires, the change of the epoch releases, and pinning
///   acquires: the unlinking *happens before* every step of the newly pinned loop.
///
/// The first point needs that a pinned loop's epoch cannot be overlooked. Pinning stores `e`, *then* reads the global
/// epoch and starts over unless it still is `e`; moving on to `e + 2` reads the global `e + 1`, *then* the slots. All
/// four are sequentially consistent, hence in one order: store `e` – global is `e` – global becomes `e + 1` – look at
/// the slot, which therefore sees the `e`. There are no fences; ThreadSanitizer follows every step of this.
@safe
struct Quiescence: ~Copyable {
  let count: Int
  private let slots: UnsafeMutablePointer<LoopSlot>
  private let states: UnsafeMutablePointer<LoopState>
  private let epoch = Atomic<UInt64>(1)

  init(loops count: Int) {
    self.count = count
    unsafe slots = .allocate(capacity: count)
    unsafe states = .allocate(capacity: count)
    for loop in 0..<count {
      unsafe (slots + loop).initialize(to: LoopSlot())
      unsafe (states + loop).initialize(to: LoopState())
    }
  }

  deinit {
    for loop in 0..<count {
      _ = unsafe state(of: loop).pointee.limbo.free(through: .max)
    }
    unsafe states.deinitialize(count: count)
    unsafe states.deallocate()
    unsafe slots.deinitialize(count: count)
    unsafe slots.deallocate()
  }

  private func slot(of loop: Int) -> UnsafeMutablePointer<LoopSlot> { unsafe slots + loop }

  /// To be touched by the loop itself and nobody else.
  private func state(of loop: Int) -> UnsafeMutablePointer<LoopState> { unsafe states + loop }

  // MARK: A loop's own turn

  /// Makes sure that the loop is pinned. The caller holds no reference yet.
  func pin(_ loop: Int, _ steps: some RoomTableSteps) {
    if unsafe state(of: loop).pointee.pinned != 0 {
      guard unsafe state(of: loop).pointee.limbo.count >= state(of: loop).pointee.limbo.threshold else { return }
      // A long turn that empties many rooms: between two calls the loop may be quiet for a moment.
      quiesce(loop, steps)
    }
    var seen = epoch.load(ordering: .sequentiallyConsistent)
    while true {
      steps.willTake(.pinning)
      unsafe slot(of: loop).pointee.epoch.store(seen, ordering: .sequentiallyConsistent)
      let now = epoch.load(ordering: .sequentiallyConsistent)
      // At most one more round: the epoch cannot pass `seen + 1` while the slot shows `seen`.
      if now == seen { break }
      seen = now
    }
    unsafe state(of: loop).pointee.pinned = seen
  }

  /// The loop holds no reference; a plain check of its own slot when it has not touched the table.
  func quiesce(_ loop: Int, _ steps: some RoomTableSteps) {
    let waits = unsafe !state(of: loop).pointee.limbo.isEmpty
    guard unsafe waits || state(of: loop).pointee.pinned != 0 else { return }
    unsafe state(of: loop).pointee.pinned = 0
    unsafe slot(of: loop).pointee.epoch.store(0, ordering: .releasing)
    if waits { collect(loop, steps) }
  }

  /// Takes over an entry that this loop, which is pinned, has unlinked.
  func retire(_ entry: EntryReference, by loop: Int) {
    unsafe state(of: loop).pointee.limbo.append(entry, epoch: state(of: loop).pointee.pinned)
    unsafe LoopSlot.add(1, to: slot(of: loop).pointee.retired)
  }

  private func collect(_ loop: Int, _ steps: some RoomTableSteps) {
    guard let oldest = unsafe state(of: loop).pointee.limbo.oldest else { return }
    var now = epoch.load(ordering: .sequentiallyConsistent)
    // The oldest entry needs `oldest + 3`, one retired in the newest epoch `now + 3`: three moves at most.
    for _ in 0..<3 {
      guard everyone(isQuietOr: now) else { break }
      steps.willTake(.advancing)
      let (exchanged, original) = epoch.compareExchange(
        expected: now, desired: now + 1, ordering: .sequentiallyConsistent)
      now = exchanged ? now + 1 : original
    }
    guard now >= oldest + 3 else { return }
    let freed = unsafe state(of: loop).pointee.limbo.free(through: now - 3)
    unsafe LoopSlot.add(-freed, to: slot(of: loop).pointee.retired)
  }

  private func everyone(isQuietOr now: UInt64) -> Bool {
    for loop in 0..<count {
      let shown = unsafe slot(of: loop).pointee.epoch.load(ordering: .sequentiallyConsistent)
      if shown != 0, shown != now { return false }
    }
    return true
  }

  // MARK: Counting

  /// Counts a room in; true for every eighth of a loop, when it is time to look at the sum over all loops.
  func countCreated(by loop: Int) -> Bool {
    unsafe LoopSlot.add(1, to: slot(of: loop).pointee.live)
    unsafe state(of: loop).pointee.created &+= 1
    return unsafe state(of: loop).pointee.created.isMultiple(of: 8)
  }

  func countUnlinked(by loop: Int) {
    unsafe LoopSlot.add(-1, to: slot(of: loop).pointee.live)
  }

  /// Exact when no loop is at work on the table.
  var live: Int {
    (0..<count).reduce(0) { sum, loop in unsafe sum + slot(of: loop).pointee.live.load(ordering: .relaxed) }
  }

  var retired: Int {
    (0..<count).reduce(0) { sum, loop in unsafe sum + slot(of: loop).pointee.retired.load(ordering: .relaxed) }
  }
}
