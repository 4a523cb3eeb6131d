import BongsuBytes
import NIOCore

/// What a loop's connections have to say at the end of this turn.
///
/// Bytes are kept once. Answers to single connections are written into one row of chunks, small frames for many into
/// another; larger frames for many are kept as they are. A connection's part is a list of runs, which lives in `links`
/// and not in the connection: saying something allocates nothing, and all is forgotten at once when the turn ends.
struct TurnOutput: ~Copyable {
  /// A run of bytes. A list is a ring: its last link leads to its first, so that the last is all that a connection has
  /// to remember.
  struct Link {
    var source: UInt32
    var offset: UInt32
    var count: UInt32
    var next: UInt32
  }

  /// Where runs lie.
  @safe
  private struct Source {
    let base: UnsafeRawPointer
    let keeper: Keeper
  }

  private enum Keeper {
    /// Will be written into again: what the kernel does not take must be copied.
    case chunk(OutputChunk)
    case frame(ByteBuffer)
  }

  /// What is written into just now, and its number among the sources.
  private struct Row {
    let chunk: OutputChunk
    let source: UInt32

    @inline(__always)
    func append(limit: Int, _ body: (inout OutputRawSpan) -> Void) -> SharedFrame {
      let offset = chunk.count
      let count = chunk.append(limit: limit, body)
      return SharedFrame(
        source: source, offset: UInt32(truncatingIfNeeded: offset), count: UInt32(truncatingIfNeeded: count))
    }
  }

  private static var chunkBytes: Int { 256 << 10 }

  /// The rows' first chunks, and whatever else this turn needs.
  private var sources: [Source] = []
  private let firstRows: (answers: Row, frames: Row)
  private var answers: Row
  private var frames: Row
  /// The first is a sentinel: index 0 means none.
  private(set) var links: [Link] = [Link(source: 0, offset: 0, count: 0, next: 0)]
  private(set) var speakers: [Connection] = []

  init() {
    firstRows = (
      Row(chunk: OutputChunk(capacity: Self.chunkBytes), source: 0),
      Row(chunk: OutputChunk(capacity: Self.chunkBytes), source: 1)
    )
    (answers, frames) = firstRows
    for row in [answers, frames] { unsafe sources.append(Source(base: row.chunk.base, keeper: .chunk(row.chunk))) }
  }

  var isEmpty: Bool { speakers.isEmpty }

  // MARK: Bytes

  /// Appends to the answers what `body` writes, at most `limit` bytes, and returns where it stands.
  @inline(__always)
  mutating func write(limit: Int, _ body: (inout OutputRawSpan) -> Void) -> SharedFrame {
    if answers.chunk.room < limit { answers = newRow(limit) }
    return answers.append(limit: limit, body)
  }

  /// Makes bytes known, to be sent to any number of connections. Several small ones for the same connection lie side by
  /// side and leave as one.
  mutating func share(_ bytes: ByteBuffer) -> SharedFrame {
    let count = bytes.readableBytes
    guard count > Backlog.smallBytes else {
      if frames.chunk.room < count { frames = newRow(count) }
      return frames.append(limit: count) { $0.append(contentsOf: bytes.readableBytesSpan) }
    }
    // The storage stays where it is: whoever would change it makes a copy as long as this one is kept.
    let base = unsafe bytes.withUnsafeReadableBytes { $0.baseAddress! }
    unsafe sources.append(Source(base: base, keeper: .frame(bytes)))
    return SharedFrame(
      source: UInt32(truncatingIfNeeded: sources.count - 1), offset: 0, count: UInt32(truncatingIfNeeded: count))
  }

  private mutating func newRow(_ count: Int) -> Row {
    let chunk = OutputChunk(capacity: max(count, Self.chunkBytes))
    unsafe sources.append(Source(base: chunk.base, keeper: .chunk(chunk)))
    return Row(chunk: chunk, source: UInt32(truncatingIfNeeded: sources.count - 1))
  }

  // MARK: Lists

  /// Adds a run to what a connection has to say and returns its list's new last link; `last` is the one so far, or 0.
  /// A run that continues the last one makes it longer instead.
  mutating func append(_ run: SharedFrame, after last: UInt32, for speaker: Connection) -> UInt32 {
    let index = UInt32(truncatingIfNeeded: links.count)
    guard last != 0 else {
      speakers.append(speaker)
      links.append(Link(source: run.source, offset: run.offset, count: run.count, next: index))
      return index
    }
    let tail = links[Int(last)]
    if tail.source == run.source, tail.offset &+ tail.count == run.offset {
      links[Int(last)].count = tail.count &+ run.count
      return last
    }
    links.append(Link(source: run.source, offset: run.offset, count: run.count, next: tail.next))
    links[Int(last)].next = index
    return index
  }

  /// Whether a list is nothing but one answer.
  func isAnswer(_ last: UInt32) -> Bool {
    let link = links[Int(last)]
    return link.next == last && link.source == answers.source
  }

  /// How much has been written into the answers' chunk.
  var answerBytes: Int { answers.chunk.count }

  /// An answer has been sent: if nothing was said after it, its place is free again.
  mutating func forgetAnswer(_ last: UInt32) {
    guard Int(last) == links.count - 1, let link = links.popLast() else { return }
    speakers.removeLast()
    answers.chunk.rewind(to: Int(link.offset))
  }

  /// Where a run's bytes are.
  @inline(__always)
  func base(of link: Link) -> UnsafeRawPointer { unsafe sources[Int(link.source)].base + Int(link.offset) }

  /// Moves what is left of a list into a backlog.
  func keep(_ last: UInt32, in backlog: Backlog) {
    var index = last
    repeat {
      index = links[Int(index)].next
      let link = links[Int(index)]
      switch sources[Int(link.source)].keeper {
      case .chunk:
        unsafe backlog.append(copying: UnsafeRawBufferPointer(start: base(of: link), count: Int(link.count)))
      case .frame(let frame):
        let rest = frame.getSlice(at: frame.readerIndex + Int(link.offset), length: Int(link.count))
        if let rest { backlog.append(shared: rest) }
      }
    } while index != last
  }

  /// Moves the head of a list past its first `count` bytes and returns its last link: 0 when nothing is left.
  mutating func advance(_ last: UInt32, by count: Int) -> UInt32 {
    var left = UInt32(truncatingIfNeeded: count)
    var index = links[Int(last)].next
    while left >= links[Int(index)].count {
      if index == last { return 0 }
      left -= links[Int(index)].count
      index = links[Int(index)].next
    }
    links[Int(index)].offset += left
    links[Int(index)].count -= left
    links[Int(last)].next = index
    return last
  }

  /// Forgets everything.
  mutating func reset() {
    speakers.removeAll(keepingCapacity: speakers.capacity <= 1 << 16)
    links.removeLast(links.count - 1)
    if links.capacity > 1 << 16 { links = [links[0]] }
    if sources.count > 2 { sources.removeLast(sources.count - 2) }
    (answers, frames) = firstRows
    answers.chunk.rewind(to: 0)
    frames.chunk.rewind(to: 0)
  }
}
