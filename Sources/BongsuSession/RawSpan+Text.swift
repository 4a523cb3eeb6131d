public import NIOCore

extension RawSpan {
  /// The text in a range that is known to hold UTF-8.
  public func string(_ range: Range<Int>) -> String {
    unsafe extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// The byte at `offset`; out of bounds is a programming error, as with a subscript.
  @usableFromInline
  func byte(at offset: Int) -> UInt8 {
    // Any bit pattern is a UInt8, and the load checks the bounds.
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  @usableFromInline
  func equals(_ text: String, at range: Range<Int>) -> Bool {
    guard range.count == text.utf8.count else { return false }
    var offset = range.lowerBound
    for byte in text.utf8 {
      if self.byte(at: offset) != byte { return false }
      offset += 1
    }
    return true
  }
}

extension ByteBuffer {
  /// An exact-size copy.
  public init(_ bytes: RawSpan) {
    self = ByteBufferAllocator().buffer(capacity: bytes.byteCount)
    unsafe bytes.withUnsafeBytes { bytes in _ = unsafe writeBytes(bytes) }
  }
}
