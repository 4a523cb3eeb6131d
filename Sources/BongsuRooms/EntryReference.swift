import Synchronization

/// The one door to a node's memory.
///
/// It is safe while the loop that holds it stays pinned (see `Quiescence`), which every call on the table does from
/// its first step to its last.
@safe
struct EntryReference {
  private let entry: UnsafeMutablePointer<RoomEntry>

  init(_ entry: UnsafeMutablePointer<RoomEntry>) {
    unsafe self.entry = unsafe entry
  }

  init?(address: UInt) {
    guard let entry = unsafe UnsafeMutablePointer<RoomEntry>(bitPattern: address) else { return nil }
    unsafe self.entry = unsafe entry
  }

  var address: UInt { unsafe UInt(bitPattern: entry) }

  /// A new room that is nowhere in the list yet.
  static func create(order: UInt64, key: RoomKey, loops: LoopSet) -> EntryReference {
    let name = key.roomName?.text.utf8
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: MemoryLayout<RoomEntry>.size + (name?.count ?? 0), alignment: MemoryLayout<RoomEntry>.alignment)
    if let name {
      let bytes = unsafe UnsafeMutableRawBufferPointer(
        start: block + MemoryLayout<RoomEntry>.size, count: name.count)
      unsafe bytes.copyBytes(from: name)
    }
    let entry = unsafe block.bindMemory(to: RoomEntry.self, capacity: 1)
    unsafe entry.initialize(
      to: RoomEntry(
        order: 0, namespace: key.namespace, nameCount: name?.count ?? -1, loops: loops.rawValue))
    // Here and in `destroy`, a plain store in plain sight of ThreadSanitizer, which watches neither the standard
    // library's initialisation of memory nor its deallocation: reading too early or too late shows as a race.
    unsafe entry.pointee.order = order
    return unsafe EntryReference(entry)
  }

  /// Gives the memory of a room back; the caller knows that no other reference exists.
  func destroy() {
    unsafe entry.pointee.order = 0
    unsafe entry.deinitialize(count: 1)
    unsafe UnsafeMutableRawPointer(entry).deallocate()
  }

  var order: UInt64 { unsafe entry.pointee.order }

  var isSignpost: Bool { order & 1 == 0 }

  func matches(_ key: RoomKey) -> Bool {
    guard unsafe entry.pointee.namespace == key.namespace else { return false }
    guard let name = key.roomName else { return unsafe entry.pointee.nameCount < 0 }
    return unsafe entry.pointee.nameCount >= 0 && name.consists(of: nameBytes)
  }

  /// The room's key once more, for tests.
  var key: RoomKey {
    let namespace = unsafe entry.pointee.namespace
    guard unsafe entry.pointee.nameCount >= 0 else { return .everyone(in: namespace) }
    return unsafe RoomKey(namespace: namespace, name: String(decoding: nameBytes, as: UTF8.self))
  }

  private var nameBytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(
      start: UnsafeRawPointer(entry) + MemoryLayout<RoomEntry>.size, count: max(0, entry.pointee.nameCount))
  }
}

// MARK: - The link

extension EntryReference {
  var next: Link { unsafe entry.pointee.next.load(ordering: .acquiring) }

  /// Sets the link of a node that no other loop can see yet.
  func prepareNext(_ link: Link) {
    unsafe entry.pointee.next.store(link, ordering: .relaxed)
  }

  /// Replaces the link if it still is what the caller read; says whether it was.
  func replaceNext(_ expected: Link, with desired: Link) -> Bool {
    unsafe entry.pointee.next.compareExchange(
      expected: expected, desired: desired, successOrdering: .acquiringAndReleasing, failureOrdering: .relaxed
    ).exchanged
  }

  /// Freezes the link for good, whoever comes first.
  func mark() {
    var link = next
    while !link.isMarked {
      let (exchanged, original) = unsafe entry.pointee.next.compareExchange(
        expected: link, desired: link.marked,
        successOrdering: .acquiringAndReleasing, failureOrdering: .acquiring
      )
      if exchanged { return }
      link = original
    }
  }
}

// MARK: - The loops

extension EntryReference {
  var loops: LoopSet { LoopSet(rawValue: unsafe entry.pointee.loops.load(ordering: .acquiring)) }

  /// Adds a loop unless the entry is closed; says whether the loop is in.
  func admit(_ loop: LoopSet) -> Bool {
    var known = loops
    while !known.isEmpty {
      if known.union(loop) == known { return true }
      let (exchanged, original) = unsafe entry.pointee.loops.weakCompareExchange(
        expected: known.rawValue, desired: known.union(loop).rawValue,
        successOrdering: .acquiringAndReleasing, failureOrdering: .acquiring
      )
      if exchanged { return true }
      known = LoopSet(rawValue: original)
    }
    return false
  }

  /// Takes a loop out; true when that closed the entry, which happens once in an entry's life.
  func withdraw(_ loop: LoopSet) -> Bool {
    let (old, new) = unsafe entry.pointee.loops.bitwiseAnd(~loop.rawValue, ordering: .acquiringAndReleasing)
    return new == 0 && old != 0
  }
}

// MARK: - Signposts

extension EntryReference {
  var isOpen: Bool { unsafe entry.pointee.loops.load(ordering: .acquiring) == SignpostState.open }

  /// Wins the right to link the signpost into the list; at most one loop ever does.
  func claim() -> Bool {
    unsafe entry.pointee.loops.compareExchange(
      expected: SignpostState.unused, desired: SignpostState.claimed, ordering: .relaxed
    ).exchanged
  }

  /// Lets walks start here, now that the list leads through the signpost.
  func open() {
    unsafe entry.pointee.loops.store(SignpostState.open, ordering: .releasing)
  }
}
