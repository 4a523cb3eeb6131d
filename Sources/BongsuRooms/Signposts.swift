import Synchronization

/// The places in the list from which a walk may start.
///
/// The list is ordered by hash. With depth `d` there is a signpost at each of the 2^d hashes whose lower 64 − d bits
/// are 0, and a walk starts at the one at or before its hash. One more level doubles them by halving every interval;
/// the older ones stay as they are and no room moves, so growing is the change of a single number.
///
/// The signpost at position 0 is level 0; level `n` holds the 2^(n−1) positions whose lowest set bit is bit 64 − n.
/// Memory comes in chunks when a signpost is first asked for, and goes with the table.
@safe
struct Signposts: ~Copyable {
  typealias Chunk = UnsafeMutablePointer<RoomEntry>
  typealias Level = UnsafeMutablePointer<Atomic<Chunk?>>

  static let initialDepth = 5
  /// 2^26 signposts serve a hundred million rooms; beyond, walks become longer and nothing else happens.
  static let maximumDepth = 26
  private static let chunkCapacity = 512

  private let currentDepth = Atomic<Int>(Signposts.initialDepth)
  private let levels = unsafe InlineArray<27, Atomic<Level?>> { _ in unsafe Atomic(nil) }

  var depth: Int { currentDepth.load(ordering: .relaxed) }

  /// The last position that is a signpost at the present depth at or before a hash.
  func position(for hash: UInt64) -> UInt64 {
    hash & ~(UInt64.max >> UInt64(depth))
  }

  /// Adds a level, unless another loop just did.
  func deepen(from depth: Int) {
    guard depth < Signposts.maximumDepth else { return }
    _ = currentDepth.compareExchange(expected: depth, desired: depth + 1, ordering: .relaxed)
  }

  /// The signpost at a position, which may be in any state.
  func signpost(at position: UInt64) -> EntryReference {
    let number = position == 0 ? 0 : 64 - position.trailingZeroBitCount
    let index = number == 0 ? 0 : Int(truncatingIfNeeded: (position >> 1) >> UInt64(64 - number))
    let level = unsafe self.level(number)
    let slot = unsafe level + index / Signposts.chunkCapacity
    let chunk = unsafe self.chunk(in: slot, level: number, from: index & ~(Signposts.chunkCapacity - 1))
    return unsafe EntryReference(chunk + index % Signposts.chunkCapacity)
  }

  deinit {
    for number in 0...Signposts.maximumDepth {
      guard let level = unsafe levels[number].load(ordering: .acquiring) else { continue }
      for slot in 0..<Signposts.chunks(in: number) {
        guard let chunk = unsafe level[slot].load(ordering: .acquiring) else { continue }
        unsafe Signposts.free(chunk, level: number)
      }
      unsafe Signposts.free(level, number)
    }
  }
}

// MARK: - Memory

extension Signposts {
  private static func size(of number: Int) -> Int { number == 0 ? 1 : 1 << (number - 1) }

  private static func chunks(in number: Int) -> Int { max(1, size(of: number) / chunkCapacity) }

  /// Publishing by compare-and-swap: who comes second frees what it made and takes what the first one made.
  private func level(_ number: Int) -> Level {
    if let level = unsafe levels[number].load(ordering: .acquiring) { return unsafe level }
    let count = Signposts.chunks(in: number)
    let level = Level.allocate(capacity: count)
    for slot in 0..<count {
      unsafe (level + slot).initialize(to: Atomic<Chunk?>(nil))
    }
    let (exchanged, original) = unsafe levels[number].compareExchange(
      expected: nil, desired: level, successOrdering: .acquiringAndReleasing, failureOrdering: .acquiring)
    guard !exchanged, let original = unsafe original else { return unsafe level }
    unsafe Signposts.free(level, number)
    return unsafe original
  }

  private func chunk(in slot: Level, level number: Int, from first: Int) -> Chunk {
    if let chunk = unsafe slot.pointee.load(ordering: .acquiring) { return unsafe chunk }
    let chunk = unsafe Signposts.makeChunk(level: number, from: first)
    let (exchanged, original) = unsafe slot.pointee.compareExchange(
      expected: nil, desired: chunk, successOrdering: .acquiringAndReleasing, failureOrdering: .acquiring)
    guard !exchanged, let original = unsafe original else { return unsafe chunk }
    unsafe Signposts.free(chunk, level: number)
    return unsafe original
  }

  private static func makeChunk(level number: Int, from first: Int) -> Chunk {
    let count = min(size(of: number), chunkCapacity)
    let chunk = Chunk.allocate(capacity: count)
    for offset in 0..<count {
      let odd = UInt64(first + offset) << 1 | 1
      let position = number == 0 ? 0 : odd << UInt64(64 - number)
      unsafe (chunk + offset).initialize(
        to: RoomEntry(order: position, loops: SignpostState.unused))
    }
    return unsafe chunk
  }

  private static func free(_ chunk: Chunk, level number: Int) {
    unsafe chunk.deinitialize(count: min(size(of: number), chunkCapacity))
    unsafe chunk.deallocate()
  }

  private static func free(_ level: Level, _ number: Int) {
    unsafe level.deinitialize(count: chunks(in: number))
    unsafe level.deallocate()
  }
}
