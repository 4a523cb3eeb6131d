internal import NIOCore

/// Reading escapes (RFC 8259 §7).
extension JSONText {
  /// Appends the character that the escape at `position` means, and returns where the escape ends. What cannot be in
  /// a valid text is skipped.
  static func readEscape(in text: RawSpan, at position: Int, into output: inout ByteBuffer) -> Int {
    switch text.byteOrZero(at: position + 1) {
    case UInt8(ascii: "b"): output.writeInteger(0x08 as UInt8)
    case UInt8(ascii: "f"): output.writeInteger(0x0C as UInt8)
    case UInt8(ascii: "n"): output.writeInteger(0x0A as UInt8)
    case UInt8(ascii: "r"): output.writeInteger(0x0D as UInt8)
    case UInt8(ascii: "t"): output.writeInteger(0x09 as UInt8)
    case UInt8(ascii: "u"): return readScalar(in: text, at: position, into: &output)
    case 0: break
    case let byte: output.writeInteger(byte)
    }
    return min(position + 2, text.byteCount)
  }

  private static func readScalar(in text: RawSpan, at position: Int, into output: inout ByteBuffer) -> Int {
    guard let unit = codeUnit(in: text, at: position) else { return min(position + 2, text.byteCount) }
    var end = position + 6
    var scalar = Unicode.Scalar(unit)
    if UTF16.isLeadSurrogate(unit), let trail = codeUnit(in: text, at: end), UTF16.isTrailSurrogate(trail) {
      scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00))
      end += 6
    }
    // Half a pair is no scalar.
    output.writeString(String(scalar ?? "\u{FFFD}"))
    return end
  }

  /// The four digits of an escape `\uXXXX` that starts at `position`, or nil if it is none.
  static func codeUnit(in text: RawSpan, at position: Int) -> UInt16? {
    guard position + 6 <= text.byteCount, text.byte(at: position) == UInt8(ascii: "\\"),
      text.byte(at: position + 1) == UInt8(ascii: "u")
    else { return nil }
    var unit: UInt16 = 0
    for offset in (position + 2)..<(position + 6) {
      let byte = text.byte(at: offset)
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt16(byte - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
        unit = unit << 4 | UInt16((byte & 0x0F) + 9)
      default: return nil
      }
    }
    return unit
  }
}
