/// A JSON string's place in the text, without its quotes.
struct JSONStringRange {
  let contents: Range<Int>
  /// Whether there is a backslash in it.
  let isEscaped: Bool
}

extension JSONScanner {
  /// RFC 8259 §2: space, tab, line feed, carriage return.
  @inline(__always)
  mutating func skipBlanks(in text: RawSpan) {
    while position < text.byteCount {
      switch text.byte(at: position) {
      case 0x20, 0x09, 0x0A, 0x0D: position &+= 1
      default: return
      }
    }
  }

  /// At the opening quote: to behind the closing one (RFC 8259 §7).
  @inline(__always)
  mutating func skipString(in text: RawSpan) throws(SocketIOParseError) -> JSONStringRange {
    let start = position + 1
    var isEscaped = false
    position = JSONText.plainEnd(in: text, from: start)
    while text.byteOrZero(at: position) == UInt8(ascii: "\\") {
      isEscaped = true
      try skipEscape(in: text)
      position = JSONText.plainEnd(in: text, from: position)
    }
    // The end of the text reads as zero here: a control character, and an error like one.
    guard text.byteOrZero(at: position) == UInt8(ascii: "\"") else { throw .invalidPayload }
    position += 1
    return JSONStringRange(contents: start..<(position - 1), isEscaped: isEscaped)
  }

  /// A lone half of a surrogate pair is allowed, as `JSON.parse` allows it.
  private mutating func skipEscape(in text: RawSpan) throws(SocketIOParseError) {
    switch text.byteOrZero(at: position + 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      guard JSONText.codeUnit(in: text, at: position) != nil else { throw .invalidPayload }
      position += 6
    default:
      throw .invalidPayload
    }
  }

  mutating func skipWord(_ word: StaticString, in text: RawSpan) throws(SocketIOParseError) {
    let end = position + word.utf8CodeUnitCount
    guard end <= text.byteCount, text.equals(word, in: position..<end) else { throw .invalidPayload }
    position = end
  }

  /// RFC 8259 §6: no plus sign, no leading zeros, digits on both sides of the point.
  mutating func skipNumber(in text: RawSpan) throws(SocketIOParseError) {
    if text.byteOrZero(at: position) == UInt8(ascii: "-") { position += 1 }
    if text.byteOrZero(at: position) == UInt8(ascii: "0") {
      position += 1
    } else {
      try skipDigits(in: text)
    }
    if text.byteOrZero(at: position) == UInt8(ascii: ".") {
      position += 1
      try skipDigits(in: text)
    }
    if text.byteOrZero(at: position) | 0x20 == UInt8(ascii: "e") {
      position += 1
      let sign = text.byteOrZero(at: position)
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      try skipDigits(in: text)
    }
  }

  /// One digit or more.
  private mutating func skipDigits(in text: RawSpan) throws(SocketIOParseError) {
    guard isDigit(text.byteOrZero(at: position)) else { throw .invalidPayload }
    repeat { position += 1 } while isDigit(text.byteOrZero(at: position))
  }
}
