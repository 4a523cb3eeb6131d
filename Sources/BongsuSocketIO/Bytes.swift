extension RawSpan {
  /// The byte at `offset`; out of bounds is a programming error, as with a subscript.
  @inline(__always)
  func byte(at offset: Int) -> UInt8 {
    // Any bit pattern is a UInt8, and the load checks the bounds.
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The byte at `offset`, or zero behind the end, which is no part of any token.
  @inline(__always)
  func byteOrZero(at offset: Int) -> UInt8 {
    offset < byteCount ? byte(at: offset) : 0
  }

  /// Eight bytes from `offset`, the first in the lowest place.
  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    // Any bit pattern is a UInt64, and the load checks the bounds.
    UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Whether the bytes of `range` are those of `text`.
  func equals(_ text: StaticString, in range: Range<Int>) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { expected in
      for index in 0..<range.count where unsafe expected[index] != byte(at: range.lowerBound + index) {
        return false
      }
      return true
    }
  }

  /// The bytes of `range` as a string; what is not UTF-8 becomes U+FFFD.
  func string(in range: Range<Int>) -> String {
    unsafe extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool {
  byte &- 0x30 < 10
}
