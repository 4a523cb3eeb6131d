/// A piece of memory that a loop writes its output into. It never moves, so what has been written can be pointed at
/// until the chunk is rewound.
@safe
final class OutputChunk {
  private let memory: UnsafeMutableRawPointer
  let capacity: Int
  // Every frame changes it: not checked for overlapping accesses, for it is private and `body` does not come back.
  @safe @exclusivity(unchecked) private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    unsafe memory = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { unsafe memory.deallocate() }

  var room: Int { capacity - count }
  /// Where the bytes are.
  var base: UnsafeRawPointer { unsafe UnsafeRawPointer(memory) }

  /// Appends what `body` writes, at most `limit` bytes, and returns how many those were.
  ///
  /// - Precondition: there is room for `limit` bytes.
  @inline(__always)
  func append(limit: Int, _ body: (inout OutputRawSpan) -> Void) -> Int {
    precondition(limit <= room, "a chunk has only so much room")
    let free = unsafe UnsafeMutableRawBufferPointer(start: memory + count, count: limit)
    var span = unsafe OutputRawSpan(buffer: free, initializedCount: 0)
    body(&span)
    let written = unsafe span.finalize(for: free)
    count += written
    return written
  }

  /// Forgets all but the first `count` bytes.
  func rewind(to count: Int) { self.count = min(self.count, count) }
}
