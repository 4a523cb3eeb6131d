public import NIOCore

/// Long polling by script elements: a body travels as a JavaScript string to the client, and as the field `d` of a form
/// to the server.
public enum JSONP {
  /// The statement that hands a body to the client's callback: `___eio[0]("…");`.
  ///
  /// Besides what JSON asks for, the line separators are escaped that JavaScript before 2019 allowed in no string, and
  /// `<`, so that the text ends no script element wherever it may be pasted.
  ///
  /// - Parameter index: which callback; other characters than digits are left out.
  public static func script(index: String, _ body: RawSpan) -> ByteBuffer {
    var script = ByteBufferAllocator().buffer(capacity: body.byteCount + body.byteCount / 8 + 32)
    script.writeString("___eio[")
    for digit in index.utf8 where digit &- 0x30 < 10 { script.writeInteger(digit) }
    script.writeString("](\"")
    var start = 0
    var offset = 0
    while offset < body.byteCount {
      guard let (escape, count) = escape(in: body, at: offset) else {
        offset += 1
        continue
      }
      script.writeBytes(body.extracting(start..<offset))
      script.writeString(escape)
      offset += count
      start = offset
    }
    script.writeBytes(body.extracting(start..<offset))
    script.writeString("\");")
    return script
  }

  /// What stands for the character at `offset` and how many bytes that has; nil when it stands for itself.
  private static func escape(in body: RawSpan, at offset: Int) -> (String, Int)? {
    switch body.byte(at: offset) {
    case UInt8(ascii: "\""): return ("\\\"", 1)
    case UInt8(ascii: "\\"): return ("\\\\", 1)
    case UInt8(ascii: "<"): return ("\\u003c", 1)
    case UInt8(ascii: "\n"): return ("\\n", 1)
    case let control where control < 0x20:
      return ((control < 0x10 ? "\\u000" : "\\u00") + String(control, radix: 16), 1)
    // U+2028 and U+2029.
    case 0xE2 where body.byteCount - offset >= 3 && body.byte(at: offset + 1) == 0x80:
      switch body.byte(at: offset + 2) {
      case 0xA8: return ("\\u2028", 3)
      case 0xA9: return ("\\u2029", 3)
      default: return nil
      }
    default: return nil
    }
  }

  /// Undoes what a client does to line breaks, which forms do not leave alone: `\n` is one, and of several backslashes
  /// before an `n` the first one is left out.
  public static func unescapingLineBreaks(_ text: RawSpan) -> ByteBuffer {
    let backslash = UInt8(ascii: "\\")
    var body = ByteBufferAllocator().buffer(capacity: text.byteCount)
    var start = 0
    var offset = 0
    while true {
      let slash = text.firstOffset(of: backslash, from: offset)
      guard slash < text.byteCount else { break }
      offset = slash
      while offset < text.byteCount, text.byte(at: offset) == backslash { offset += 1 }
      guard offset < text.byteCount, text.byte(at: offset) == UInt8(ascii: "n") else { continue }
      body.writeBytes(text.extracting(start..<slash))
      if offset - slash == 1 { body.writeInteger(UInt8(ascii: "\n")) }
      // Behind a line break goes on what comes next; otherwise what comes behind the first backslash.
      start = offset - slash == 1 ? offset + 1 : slash + 1
    }
    body.writeBytes(text.extracting(start..<text.byteCount))
    return body
  }
}
