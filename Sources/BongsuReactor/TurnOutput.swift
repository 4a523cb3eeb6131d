import NIOCore

/// What a loop's connections have to say at the end of this turn.
///
/// Bytes for one connection are written into `scratch`, one after the other; bytes for many are kept once in `shared`.
/// A connection's part is a linked list of runs, which lives in `links` and not in the connection: saying something
/// allocates nothing, and all of it is forgotten at once when the turn ends.
struct TurnOutput {
  /// A run of bytes. `source` is an index into `shared`, or ``scratchFlag`` and the number of the scratch buffer.
  struct Link {
    var source: UInt32
    var offset: UInt32
    var count: UInt32
    var next: UInt32
  }

  static var scratchFlag: UInt32 { 1 << 31 }

  /// A scratch buffer that has grown past this is set aside and a new one begun. Larger ones are not kept for the
  /// next turn.
  private static var scratchFull: Int { 1 << 20 }

  var scratch = ByteBuffer()
  private var fullScratches: [ByteBuffer] = []
  var shared: [ByteBuffer] = []
  /// The first is a sentinel: index 0 means none.
  var links: [Link] = [Link(source: 0, offset: 0, count: 0, next: 0)]
  var speakers: [Connection] = []

  var isEmpty: Bool { speakers.isEmpty }

  /// The `source` of what is written into `scratch` now.
  var scratchSource: UInt32 { Self.scratchFlag | UInt32(truncatingIfNeeded: fullScratches.count) }

  /// Makes sure that `scratch` has room to grow; before each write.
  mutating func turnScratch() {
    guard scratch.writerIndex >= Self.scratchFull else { return }
    fullScratches.append(scratch)
    scratch = ByteBuffer()
  }

  /// Adds a run behind the list that ends at `tail` and returns the new tail; a run that continues the last one in
  /// the scratch space makes it longer instead.
  mutating func append(source: UInt32, offset: UInt32, count: UInt32, after tail: UInt32) -> UInt32 {
    if tail != 0, source & Self.scratchFlag != 0 {
      let last = links[Int(tail)]
      if last.source == source, last.offset &+ last.count == offset {
        links[Int(tail)].count = last.count &+ count
        return tail
      }
    }
    links.append(Link(source: source, offset: offset, count: count, next: 0))
    let index = UInt32(truncatingIfNeeded: links.count - 1)
    if tail != 0 { links[Int(tail)].next = index }
    return index
  }

  /// The bytes of a run, by reference to their storage.
  func slice(_ link: Link) -> ByteBuffer {
    let slice: ByteBuffer?
    if link.source & Self.scratchFlag == 0 {
      slice = shared[Int(link.source)].getSlice(at: Int(link.offset), length: Int(link.count))
    } else {
      let number = Int(link.source & ~Self.scratchFlag)
      let buffer = number == fullScratches.count ? scratch : fullScratches[number]
      slice = buffer.getSlice(at: Int(link.offset), length: Int(link.count))
    }
    return slice ?? ByteBuffer()
  }

  /// Moves the head of a list past its first `count` bytes.
  mutating func advance(_ head: inout UInt32, by count: Int) {
    var left = UInt32(truncatingIfNeeded: count)
    while head != 0 {
      let link = links[Int(head)]
      if left < link.count {
        links[Int(head)].offset += left
        links[Int(head)].count -= left
        return
      }
      left -= link.count
      head = link.next
    }
  }

  mutating func reset() {
    shared.removeAll(keepingCapacity: shared.capacity <= 4096)
    links.removeLast(links.count - 1)
    if links.capacity > 1 << 16 { links = [links[0]] }
    speakers.removeAll(keepingCapacity: speakers.capacity <= 1 << 16)
    fullScratches.removeAll()
    if scratch.capacity > 2 * Self.scratchFull { scratch = ByteBuffer() } else { scratch.clear() }
  }
}
