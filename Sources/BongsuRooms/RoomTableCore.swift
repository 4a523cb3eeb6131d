/// The room table as `RoomTable` describes it, with steps that a test can step between.
///
/// `@unchecked Sendable`: what loops share is atomic, and what one loop owns is indexed by its number.
package final class RoomTableCore<Steps: RoomTableSteps>: @unchecked Sendable {
  let list: RoomList<Steps>

  /// Names are chosen by clients, so their hashes must be unpredictable, also in a process that was started with
  /// deterministic hashing.
  private let seed = UInt64.random(in: .min ... .max)

  package init(loops: Int, steps: Steps) {
    precondition((1...RoomTable.maximumLoops).contains(loops), "a room table serves 1 to 64 loops")
    list = RoomList(steps: steps, loops: loops)
  }

  @discardableResult
  package func join(_ key: RoomKey, loop: Int) -> Bool {
    begin(loop)
    let order = order(of: key)
    var fresh: EntryReference?
    while true {
      let place = list.locate(order, key, by: loop)
      if let entry = place.match {
        list.steps.willTake(.admitting)
        if entry.admit(LoopSet(loop)) {
          fresh?.destroy()
          return false
        }
        // Closed: whoever closed it may not have marked it yet. The next walk takes it out.
        list.steps.willTake(.marking)
        entry.mark()
        continue
      }
      let entry = fresh ?? .create(order: order, key: key, loops: LoopSet(loop))
      if list.link(entry, at: place) { break }
      fresh = entry
    }
    if list.quiescence.countCreated(by: loop) { growIfCrowded() }
    return true
  }

  @discardableResult
  package func leave(_ key: RoomKey, loop: Int) -> Bool {
    begin(loop)
    let order = order(of: key)
    guard let entry = list.find(order, key, by: loop) else { return false }
    list.steps.willTake(.withdrawing)
    guard entry.withdraw(LoopSet(loop)) else { return false }
    list.steps.willTake(.marking)
    entry.mark()
    // Walking past a marked entry takes it out.
    _ = list.locate(order, key, by: loop)
    return true
  }

  package func loops(of key: RoomKey, loop: Int) -> LoopSet {
    begin(loop)
    return list.find(order(of: key), key, by: loop)?.loops ?? .none
  }

  package func quiesce(loop: Int) {
    precondition((0..<list.quiescence.count).contains(loop), "no such loop")
    list.quiescence.quiesce(loop, list.steps)
  }

  private func begin(_ loop: Int) {
    precondition((0..<list.quiescence.count).contains(loop), "no such loop")
    list.quiescence.pin(loop, list.steps)
  }

  /// The lowest bit tells a room from a signpost.
  private func order(of key: RoomKey) -> UInt64 {
    if let hash = list.steps.hash(of: key) { return hash | 1 }
    var hasher = Hasher()
    hasher.combine(seed)
    hasher.combine(key)
    return UInt64(truncatingIfNeeded: hasher.finalize()) | 1
  }

  /// Two rooms for each signpost on average.
  private func growIfCrowded() {
    let depth = list.signposts.depth
    guard list.quiescence.live > 2 << depth else { return }
    list.steps.willTake(.deepening)
    list.signposts.deepen(from: depth)
  }
}

extension RoomTableCore {
  package var census: RoomTable.Census {
    RoomTable.Census(
      live: list.quiescence.live, retired: list.quiescence.retired, signposts: 1 << list.signposts.depth)
  }

  /// What is wrong with the list, if anything; only to be asked while no loop is at work.
  package func violation() -> String? {
    var previous: UInt64 = 0
    var keys: Set<RoomKey> = []
    var next = list.signposts.signpost(at: 0).next
    while let entry = next.target {
      if next.isMarked { return "a marked entry is still in the list" }
      if entry.order < previous { return "out of order" }
      if entry.isSignpost {
        if !entry.isOpen { return "a signpost in the list is not open" }
        if entry.order == previous { return "a signpost is in the list twice" }
      } else {
        if entry.loops.isEmpty { return "a closed entry is still in the list" }
        if !keys.insert(entry.key).inserted { return "a room is in the list twice" }
      }
      previous = entry.order
      next = entry.next
    }
    return keys.count == list.quiescence.live ? nil : "\(keys.count) rooms, \(list.quiescence.live) counted"
  }
}
