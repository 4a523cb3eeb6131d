import BongsuBytes

/// Names one scheduled deadline; stale once it has fired or was cancelled.
public struct TimerID: Equatable, Sendable {
  let index: Int32
  let generation: UInt32

  /// Names nothing; cancelling it does nothing.
  public static let none = TimerID(index: -1, generation: 0)
}

/// A hashed timer wheel: all deadlines of a loop behind one operating-system timer.
///
/// Slots are 8 ms wide, unless told otherwise, and 65 s make one lap; a deadline further away stays in its slot for
/// another lap. Scheduling and cancelling take constant time, and an entry costs no allocation of its own, but 24 bytes
/// when a target is one word. Entries of a slot form a doubly linked list of indices into `entries`.
struct TimerWheel<Target> {
  private static var slotCount: Int { 8192 }

  private struct Entry {
    var target: Target?
    /// The lap in which the slot comes up for this entry; the last there is never comes.
    var lap: UInt32
    var next: Int32
    /// Of the first in a slot's list: the slot, with all bits turned, and so negative.
    var previous: Int32
    var generation: UInt32
  }

  /// A slot is two to the power of this wide, in milliseconds.
  private let slotBits: Int64
  private var entries: [Entry] = []
  private var free: Int32 = -1
  private var firstGeneration: UInt32 = 0
  private var heads = [Int32](repeating: -1, count: slotCount)
  private var occupied = [UInt64](repeating: 0, count: slotCount / 64)
  private var position: Int64
  private(set) var count = 0

  init(now: MonotonicTime, slotBits: Int64 = 3) {
    self.slotBits = slotBits
    position = now.milliseconds &>> slotBits
  }

  /// Calls back at `deadline` or up to one slot later.
  mutating func schedule(_ target: Target, at deadline: MonotonicTime) -> TimerID {
    let milliseconds = max(0, min(deadline.milliseconds, Int64.max / 2))
    let tick = max(position + 1, (milliseconds + (1 &<< slotBits) - 1) &>> slotBits)
    let (lap, rest) = tick.quotientAndRemainder(dividingBy: Int64(Self.slotCount))
    let slot = Int32(truncatingIfNeeded: rest)
    let index = takeFree()
    let head = heads[Int(slot)]
    let generation = entries[Int(index)].generation
    entries[Int(index)] = Entry(
      target: target, lap: UInt32(clamping: lap), next: head, previous: ~slot, generation: generation)
    if head >= 0 { entries[Int(head)].previous = index }
    heads[Int(slot)] = index
    occupied[Int(slot) / 64] |= 1 << UInt64(slot % 64)
    count += 1
    return TimerID(index: index, generation: generation)
  }

  /// Forgets a deadline; does nothing when `id` is stale.
  mutating func cancel(_ id: TimerID) {
    if contains(id) { remove(id.index) }
  }

  /// Whether the deadline is still to come.
  func contains(_ id: TimerID) -> Bool {
    id.index >= 0 && Int(id.index) < entries.count && entries[Int(id.index)].generation == id.generation
      && entries[Int(id.index)].target != nil
  }

  /// Removes what is due at `now`, in the order of the slots, and returns it.
  mutating func advance(to now: MonotonicTime) -> [Target] {
    let target = now.milliseconds &>> slotBits
    guard target > position else { return [] }
    var due: [Target] = []
    let steps = min(target - position, Int64(Self.slotCount))
    if count > 0 {
      for step in 1...steps {
        let slot = Int((position + step) % Int64(Self.slotCount))
        if occupied[slot / 64] & (1 << UInt64(slot % 64)) != 0 { collect(slot: slot, until: target, into: &due) }
      }
    }
    position = target
    return due
  }

  /// Milliseconds from `now` until a slot with entries comes up; `nil` when there are none.
  func delay(from now: MonotonicTime) -> Int64? {
    guard count > 0, let tick = occupiedTick(after: position) else { return nil }
    return max(0, (tick &<< slotBits) - now.milliseconds)
  }

  /// When the first deadline comes, in whatever lap; `nil` when there are none.
  func nextDeadline() -> MonotonicTime? {
    guard count > 0 else { return nil }
    var earliest = Int64.max
    var tick = position
    while let next = occupiedTick(after: tick), next <= position + Int64(Self.slotCount), next < earliest {
      var index = heads[Int(next % Int64(Self.slotCount))]
      while index >= 0 {
        let lap = entries[Int(index)].lap
        let due = Int64(lap) * Int64(Self.slotCount) + next % Int64(Self.slotCount)
        if lap < .max { earliest = min(earliest, max(due, next)) }
        index = entries[Int(index)].next
      }
      tick = next
    }
    return earliest < .max ? MonotonicTime(milliseconds: earliest &<< slotBits) : nil
  }

  /// The first tick within a lap whose slot has entries.
  private func occupiedTick(after start: Int64) -> Int64? {
    var step: Int64 = 1
    while step <= Int64(Self.slotCount) {
      let slot = Int((start + step) % Int64(Self.slotCount))
      let ahead = occupied[slot / 64] >> UInt64(slot % 64)
      if ahead != 0 { return start + step + Int64(ahead.trailingZeroBitCount) }
      step += Int64(64 - slot % 64)
    }
    return nil
  }

  private mutating func collect(slot: Int, until tick: Int64, into due: inout [Target]) {
    // The last lap in which the slot has come up at `tick`.
    let lap = (tick - Int64(slot)) / Int64(Self.slotCount)
    var index = heads[slot]
    while index >= 0 {
      let entry = entries[Int(index)]
      if entry.lap < .max, entry.lap <= lap, let target = entry.target {
        due.append(target)
        remove(index)
      }
      index = entry.next
    }
  }

  private mutating func takeFree() -> Int32 {
    if free >= 0 {
      let index = free
      free = entries[Int(index)].next
      return index
    }
    entries.append(Entry(target: nil, lap: 0, next: -1, previous: -1, generation: firstGeneration))
    return Int32(entries.count - 1)
  }

  private mutating func remove(_ index: Int32) {
    let entry = entries[Int(index)]
    if entry.previous >= 0 {
      entries[Int(entry.previous)].next = entry.next
    } else {
      let slot = Int(~entry.previous)
      heads[slot] = entry.next
      if entry.next < 0 { occupied[slot / 64] &= ~(1 << UInt64(slot % 64)) }
    }
    if entry.next >= 0 { entries[Int(entry.next)].previous = entry.previous }
    entries[Int(index)].target = nil
    entries[Int(index)].generation = entry.generation &+ 1
    entries[Int(index)].next = free
    free = index
    count -= 1
    if count == 0 { releaseMemory() }
  }

  /// The slab of a past crowd is given back once nothing is scheduled; generations go on from where no id points.
  private mutating func releaseMemory() {
    guard entries.capacity > 4096 else { return }
    firstGeneration = (entries.map(\.generation).max() ?? 0) &+ 1
    entries = []
    free = -1
  }
}
