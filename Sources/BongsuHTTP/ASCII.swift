/// Classes of bytes in HTTP messages (RFC 9110 §5.6).
enum ASCII {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let delete: UInt8 = 0x7F

  /// `tchar`: what methods and field names are made of (RFC 9110 §5.6.2).
  @inline(__always)
  static func isToken(_ byte: UInt8) -> Bool {
    isMember(byte, 0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE)
  }

  /// What `uri-host [ ":" port ]` is made of (RFC 3986 §3.2.2).
  @inline(__always)
  static func isHost(_ byte: UInt8) -> Bool {
    isMember(byte, 0x2FFF_7FF2_0000_0000, 0x47FF_FFFE_AFFF_FFFE)
  }

  /// What a field value may contain: SP, HTAB, VCHAR and obs-text (RFC 9110 §5.5).
  @inline(__always)
  static func isFieldContent(_ byte: UInt8) -> Bool {
    (byte >= space && byte != delete) || byte == tab
  }

  @inline(__always)
  static func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == space || byte == tab
  }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  /// 0...9, or nil.
  @inline(__always)
  static func decimalValue(_ byte: UInt8) -> UInt8? {
    let value = byte &- 0x30
    return value < 10 ? value : nil
  }

  /// 0...15, or nil.
  @inline(__always)
  static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    if let value = decimalValue(byte) { return value }
    let value = lowercased(byte) &- 0x61
    return value < 6 ? value &+ 10 : nil
  }

  /// A set of ASCII characters as two words of 64 bits; bytes above 127 are in none.
  @inline(__always)
  private static func isMember(_ byte: UInt8, _ low: UInt64, _ high: UInt64) -> Bool {
    let word = byte < 64 ? low : high
    return byte < 128 && (word &>> UInt64(byte & 63)) & 1 == 1
  }
}
