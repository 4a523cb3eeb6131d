extension RawSpan {
  /// The byte at `offset`; out of bounds is a programming error, as with a subscript.
  @inline(__always)
  func byte(at offset: Int) -> UInt8 {
    // Any bit pattern is a UInt8, and the load checks the bounds.
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// Eight bytes from `offset`, the first in the lowest place.
  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    // Any bit pattern is a UInt64, and the load checks the bounds.
    UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The offset of the first `byte` at or after `start`, or `byteCount`. Looks at eight bytes a time.
  func firstOffset(of byte: UInt8, from start: Int) -> Int {
    let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    var offset = start
    while offset &+ 8 <= byteCount {
      let difference = word(at: offset) ^ pattern
      // A zero byte sets its top bit; the lowest one set is never a false alarm.
      let zeros = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
      if zeros != 0 { return offset &+ zeros.trailingZeroBitCount / 8 }
      offset &+= 8
    }
    while offset < byteCount, self.byte(at: offset) != byte { offset &+= 1 }
    return offset
  }
}
