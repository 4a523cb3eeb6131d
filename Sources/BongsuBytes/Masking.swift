/// The masking of client frames (RFC 6455 §5.3): byte `i` is XORed with byte `i mod 4` of the key.
public enum Masking {
  /// Masks or unmasks `bytes` in place.
  ///
  /// - Parameter key: the masking key as a little-endian number: its lowest byte is the first on the wire.
  /// - Returns: the key rotated for the byte that follows, so that a payload may come in pieces; and whether all bytes
  ///   are ASCII now, which spares most text a second look.
  public static func apply(_ key: UInt32, to bytes: inout MutableRawSpan) -> (key: UInt32, isASCII: Bool) {
    let count = bytes.byteCount
    var seen: UInt64 = 0
    let word = UInt64(key) << 32 | UInt64(key)
    let block = SIMD8<UInt64>(repeating: word.littleEndian)
    var offset = 0
    if count >= 64 {
      var all = SIMD8<UInt64>.zero
      while count - offset >= 64 {
        // `count - offset` bytes are left, so the load and the store stay inside.
        let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD8<UInt64>.self) ^ block
        unsafe bytes.storeBytes(of: value, toUncheckedByteOffset: offset, as: SIMD8<UInt64>.self)
        all |= value
        offset &+= 64
      }
      let quarter = (all.lowHalf | all.highHalf).lowHalf | (all.lowHalf | all.highHalf).highHalf
      seen = quarter.x | quarter.y
    }
    while count - offset >= 8 {
      let loaded = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
      let value = loaded ^ word.littleEndian
      unsafe bytes.storeBytes(of: value, toUncheckedByteOffset: offset, as: UInt64.self)
      seen |= value
      offset &+= 8
    }
    if count - offset >= 4 {
      let loaded = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self)
      let value = loaded ^ key.littleEndian
      unsafe bytes.storeBytes(of: value, toUncheckedByteOffset: offset, as: UInt32.self)
      seen |= UInt64(value)
      offset &+= 4
    }
    // Up to here every step was a multiple of four, so the rest begins with the key's first byte again.
    var rest = word
    while offset < count {
      let loaded = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
      let value = loaded ^ UInt8(truncatingIfNeeded: rest)
      unsafe bytes.storeBytes(of: value, toUncheckedByteOffset: offset, as: UInt8.self)
      seen |= UInt64(value)
      rest >>= 8
      offset &+= 1
    }
    let shift = UInt32(truncatingIfNeeded: count & 3) &* 8
    return (key &>> shift | key &<< ((32 &- shift) & 31), seen & 0x8080_8080_8080_8080 == 0)
  }
}
