import NIOCore

/// What the kernel would not take yet: shared frames by reference, everything else copied once.
struct Backlog {
  private var pieces: CircularBuffer<ByteBuffer> = []
  /// The last piece belongs to this backlog alone and may grow.
  private var ownsLast = false

  var isEmpty: Bool { pieces.isEmpty }
  var pieceCount: Int { pieces.count }

  mutating func append(shared piece: ByteBuffer) {
    pieces.append(piece)
    ownsLast = false
  }

  mutating func append(copying piece: ByteBuffer) {
    if ownsLast, let last = pieces.indices.last {
      pieces[last].writeImmutableBuffer(piece)
    } else {
      // A fresh buffer, so that one late byte does not keep a whole turn's scratch space alive.
      var own = ByteBuffer()
      own.writeImmutableBuffer(piece)
      pieces.append(own)
      ownsLast = true
    }
  }

  /// Calls `body` with each piece, oldest first, until it returns false.
  func forEach(_ body: (ByteBuffer) -> Bool) {
    for piece in pieces {
      if !body(piece) { return }
    }
  }

  /// Forgets the first `count` bytes.
  mutating func drop(_ count: Int) {
    var left = count
    while left > 0, let first = pieces.first {
      let bytes = first.readableBytes
      if left < bytes {
        pieces[pieces.startIndex].moveReaderIndex(forwardBy: left)
        return
      }
      left -= bytes
      pieces.removeFirst()
    }
    if pieces.isEmpty { ownsLast = false }
  }
}
