/// The masking of client frames (RFC 6455 §5.3): byte `i` is XORed with byte `i mod 4` of the key.
public enum Masking {
  /// Masks or unmasks `bytes` in place.
  ///
  /// - Parameter key: the masking key as a little-endian number: its lowest byte is the first on the wire.
  /// - Returns: the key rotated for the byte that follows, so that a payload may come in pieces.
  public static func apply(_ key: UInt32, to bytes: inout MutableRawSpan) -> UInt32 {
    let count = bytes.byteCount
    let word = UInt64(key) << 32 | UInt64(key)
    let block = SIMD8<UInt64>(repeating: word.littleEndian)
    var offset = 0
    while count - offset >= 64 {
      // `count - offset` bytes are left, so the load and the store stay inside.
      let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD8<UInt64>.self)
      unsafe bytes.storeBytes(of: value ^ block, toUncheckedByteOffset: offset, as: SIMD8<UInt64>.self)
      offset &+= 64
    }
    while count - offset >= 8 {
      let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
      unsafe bytes.storeBytes(of: value ^ word.littleEndian, toUncheckedByteOffset: offset, as: UInt64.self)
      offset &+= 8
    }
    // Up to here every step was a multiple of four, so the rest begins with the key's first byte again.
    var rest = word
    while offset < count {
      let value = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
      let masked = value ^ UInt8(truncatingIfNeeded: rest)
      unsafe bytes.storeBytes(of: masked, toUncheckedByteOffset: offset, as: UInt8.self)
      rest >>= 8
      offset &+= 1
    }
    let shift = UInt32(truncatingIfNeeded: count & 3) &* 8
    return key &>> shift | key &<< ((32 &- shift) & 31)
  }
}
