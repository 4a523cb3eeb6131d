import NIOCore

/// A loop's buffer for what is compressed or inflated, in use for the length of one call.
final class DeflateScratch {
  /// A larger buffer is not kept.
  private static var keptBytes: Int { 256 << 10 }

  private var buffer = ByteBuffer()

  /// Hands out the buffer, empty. Whoever asks while it is in use gets another one.
  func take() -> ByteBuffer {
    var taken = ByteBuffer()
    swap(&taken, &buffer)
    return taken
  }

  /// Takes the buffer back; the caller's is empty then.
  func give(back returned: inout ByteBuffer) {
    buffer = ByteBuffer()
    guard returned.storageCapacity <= Self.keptBytes else { return returned = ByteBuffer() }
    swap(&returned, &buffer)
    buffer.clear()
  }
}
