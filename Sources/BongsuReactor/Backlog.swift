import NIOCore

/// What the kernel would not take yet: large shared frames by reference, everything else copied once. A reference costs
/// as much as a small frame, and copies lie side by side.
///
/// A class, because nearly all connections have none, and then it takes one word.
final class Backlog {
  /// What is copied although it could be referred to.
  static var smallBytes: Int { 256 }
  /// Copies go into pieces of about this size.
  private static var tailBytes: Int { 64 << 10 }

  private var pieces: CircularBuffer<ByteBuffer> = []
  /// The newest bytes, which belong to this backlog alone and may grow; behind all of `pieces`. Bytes that have left
  /// still take their place in it, and so count as what it has grown to.
  private var tail = ByteBuffer()

  var isEmpty: Bool { pieces.isEmpty && tail.readableBytes == 0 }
  var pieceCount: Int { pieces.count + (tail.readableBytes > 0 ? 1 : 0) }

  func append(shared piece: ByteBuffer) {
    if piece.readableBytes <= Self.smallBytes { return append(copying: piece) }
    closeTail()
    pieces.append(piece)
  }

  func append(copying piece: ByteBuffer) {
    if tail.writerIndex >= Self.tailBytes { closeTail() }
    tail.writeImmutableBuffer(piece)
  }

  private func closeTail() {
    guard tail.readableBytes > 0 else { return }
    pieces.append(tail)
    tail = ByteBuffer()
  }

  func append(copying bytes: UnsafeRawBufferPointer) {
    if tail.writerIndex >= Self.tailBytes { closeTail() }
    unsafe tail.writeBytes(bytes)
  }

  /// Bytes of memory that the copies take.
  var copyCapacity: Int { tail.storageCapacity }

  /// Calls `body` with each piece, oldest first, until it returns false.
  func forEach(_ body: (ByteBuffer) -> Bool) {
    for piece in pieces {
      if !body(piece) { return }
    }
    if tail.readableBytes > 0 { _ = body(tail) }
  }

  /// Forgets the first `count` bytes.
  func drop(_ count: Int) {
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
    tail.moveReaderIndex(forwardBy: min(left, tail.readableBytes))
    if tail.readableBytes == 0 { tail = ByteBuffer() }
  }
}
