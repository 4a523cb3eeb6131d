internal import BongsuBytes

/// Writing strings (ECMAScript, QuoteJSONString) into an output that was opened with room for them.
extension JSONText {
  /// The bytes that `bytes` takes as a JSON string, quotes included.
  public static func encodedCount(utf8 bytes: RawSpan) -> Int {
    var count = bytes.byteCount + 2
    var position = plainEnd(in: bytes, from: 0)
    while position < bytes.byteCount {
      count += shortEscape(bytes.byte(at: position)) == nil ? 5 : 1
      position = plainEnd(in: bytes, from: position + 1)
    }
    return count
  }

  /// Appends `bytes`, which are UTF-8, as a JSON string.
  ///
  /// - Precondition: `output` has room for `encodedCount(utf8:)` bytes.
  public static func append(utf8 bytes: RawSpan, to output: inout OutputRawSpan) {
    output.append(UInt8(ascii: "\""))
    var start = 0
    while true {
      let end = plainEnd(in: bytes, from: start)
      output.append(contentsOf: bytes.extracting(start..<end))
      guard end < bytes.byteCount else { break }
      appendEscape(bytes.byte(at: end), to: &output)
      start = end + 1
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func appendEscape(_ byte: UInt8, to output: inout OutputRawSpan) {
    output.append(UInt8(ascii: "\\"))
    if let letter = shortEscape(byte) {
      output.append(letter)
      return
    }
    let digit = byte & 0x0F
    output.append(UInt8(ascii: "u"))
    output.append(UInt8(ascii: "0"))
    output.append(UInt8(ascii: "0"))
    output.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
    output.append(digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a"))
  }

  /// What stands behind the backslash, or nil for the control characters that are written as numbers.
  private static func shortEscape(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    case 0..<0x20: nil
    default: byte
    }
  }
}
