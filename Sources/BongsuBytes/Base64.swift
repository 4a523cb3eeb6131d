public import NIOCore

/// Base64 (RFC 4648), as Engine.IO carries binary messages in polling payloads.
public enum Base64 {
  /// The characters that `byteCount` bytes become, padding included.
  public static func encodedCount(of byteCount: Int) -> Int {
    (byteCount / 3 + (byteCount % 3 == 0 ? 0 : 1)) * 4
  }

  /// Appends `bytes` to `output` in the standard alphabet, padded.
  public static func encode(_ bytes: RawSpan, into output: inout ByteBuffer) {
    let source = Span<UInt8>(_bytes: bytes)
    let count = source.count
    output.writeWithOutputRawSpan(minimumWritableBytes: encodedCount(of: count)) { target in
      var offset = 0
      while count - offset >= 6 {
        var group: UInt64 = 0
        for index in offset..<offset + 6 { group = group << 8 | UInt64(source[index]) }
        // Appending is called unsafe for types with padding, which would leave holes.
        unsafe target.append(characters(of: group).bigEndian, as: UInt64.self)
        offset += 6
      }
      while offset < count {
        let length = min(3, count - offset)
        var group: UInt64 = 0
        for index in 0..<3 { group = group << 8 | UInt64(index < length ? source[offset + index] : 0) }
        let text = characters(of: group << 24)
        for index in 0..<4 {
          let padding = index > length
          target.append(padding ? UInt8(ascii: "=") : UInt8(truncatingIfNeeded: text >> (56 - 8 * UInt64(index))))
        }
        offset += length
      }
    }
  }

  /// Turns 48 bits into eight characters, the first in the highest byte, without a table: the bits are spread to one
  /// sextet a byte, and all eight are moved to their places in the alphabet at once.
  private static func characters(of bits: UInt64) -> UInt64 {
    var sextets = (bits << 8) & 0x00FF_FFFF_0000_0000 | bits & 0x0000_0000_00FF_FFFF
    sextets = (sextets << 4) & 0x0FFF_0000_0FFF_0000 | sextets & 0x0000_0FFF_0000_0FFF
    sextets = (sextets << 2) & 0x3F00_3F00_3F00_3F00 | sextets & 0x003F_003F_003F_003F
    let ones: UInt64 = 0x0101_0101_0101_0101
    // A sextet is at most 63, so adding 128 - limit reaches the byte's top bit exactly from `limit` on.
    func from(_ limit: UInt64) -> UInt64 { ((sextets &+ ones &* (128 - limit)) >> 7) & ones }
    // 0–25 are "A"…, 26–51 "a"…, 52–61 "0"…, 62 "+", 63 "/". No byte ever leaves 0–255, so none spills into the next.
    return sextets &+ ones &* 65 &+ from(26) &* 6 &- from(52) &* 75 &- from(62) &* 15 &+ from(63) &* 3
  }

  /// Decodes leniently, as Node's `Buffer` does and therefore Socket.IO clients may expect: both alphabets, padding
  /// optional, other characters skipped, the end at the first "=". A sextet left alone at the end is dropped.
  public static func decode(_ text: RawSpan) -> ByteBuffer {
    let source = Span<UInt8>(_bytes: text)
    return ByteBuffer(initialCapacity: source.count / 4 * 3 + 3) { target in
      var offset = 0
      var group: UInt32 = 0
      var sextetCount = 0
      while offset < source.count {
        if sextetCount == 0, let whole = wholeGroup(source, at: offset) {
          append(whole, count: 3, to: &target)
          offset &+= 4
          continue
        }
        let sextet = sextet(of: source[offset])
        if sextet == end { break }
        offset &+= 1
        guard sextet < 64 else { continue }
        group = group << 6 | sextet
        sextetCount &+= 1
        guard sextetCount == 4 else { continue }
        append(group, count: 3, to: &target)
        sextetCount = 0
      }
      // Two or three sextets hold one or two bytes and some bits too many.
      if sextetCount >= 2 { append(group << (sextetCount == 2 ? 12 : 6), count: sextetCount - 1, to: &target) }
    }
  }

  /// The 24 bits of the next four characters, if nothing among them is to be ignored.
  @inline(__always)
  private static func wholeGroup(_ source: borrowing Span<UInt8>, at offset: Int) -> UInt32? {
    guard source.count - offset >= 4 else { return nil }
    let first = sextet(of: source[offset])
    let second = sextet(of: source[offset &+ 1])
    let third = sextet(of: source[offset &+ 2])
    let fourth = sextet(of: source[offset &+ 3])
    guard first | second | third | fourth < 64 else { return nil }
    return first << 18 | second << 12 | third << 6 | fourth
  }

  @inline(__always)
  private static func sextet(of character: UInt8) -> UInt32 {
    UInt32(character < 128 ? sextets[Int(character)] : no)
  }

  @inline(__always)
  private static func append(_ group: UInt32, count: Int, to target: inout OutputRawSpan) {
    for index in 0..<count {
      target.append(UInt8(truncatingIfNeeded: group >> (16 - 8 * UInt32(index))))
    }
  }

  /// The character that ends the text, and all that are ignored.
  private static var end: UInt8 { 0x80 }
  private static var no: UInt8 { 0xFF }

  /// What each ASCII character stands for: a number below 64, or one of the two above.
  private static let sextets: InlineArray<128, UInt8> = [
    no, no, no, no, no, no, no, no, no, no, no, no, no, no, no, no,
    no, no, no, no, no, no, no, no, no, no, no, no, no, no, no, no,
    no, no, no, no, no, no, no, no, no, no, no, 62, no, 62, no, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, no, no, no, end, no, no,
    no, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, no, no, no, no, 63,
    no, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, no, no, no, no, no,
  ]
}
