public import NIOCore

/// JSON strings, written as `JSON.stringify` writes them and read as `JSON.parse` reads them.
public enum JSONText {
  /// Appends `string` in quotes. Only the quote, the backslash and control characters are escaped.
  public static func write(_ string: String, into output: inout ByteBuffer) {
    // A UInt8 has no padding that its bytes could show.
    unsafe write(utf8: string.utf8.span.bytes, into: &output)
  }

  /// The same for a string that is at hand as UTF-8.
  public static func write(utf8 bytes: RawSpan, into output: inout ByteBuffer) {
    output.writeWithOutputRawSpan(minimumWritableBytes: encodedCount(utf8: bytes)) { output in
      append(utf8: bytes, to: &output)
    }
  }

  /// The string whose contents, without the quotes, are at `range` of a valid JSON text. Half a surrogate pair
  /// becomes U+FFFD.
  public static func string(in text: RawSpan, _ range: Range<Int>) -> String {
    guard plainEnd(in: text.extracting(range), from: 0) < range.count else { return text.string(in: range) }
    var utf8 = ByteBufferAllocator().buffer(capacity: range.count)
    unescape(text, range, into: &utf8)
    return String(buffer: utf8)
  }

  /// The number that a valid JSON text is, if it is written as a whole one of 18 digits at most.
  public static func integer(_ text: RawSpan) -> Int? {
    let isNegative = text.byteOrZero(at: 0) == UInt8(ascii: "-")
    let start = isNegative ? 1 : 0
    guard (start + 1...start + 18).contains(text.byteCount) else { return nil }
    var number = 0
    for offset in start..<text.byteCount {
      guard isDigit(text.byte(at: offset)) else { return nil }
      number = number &* 10 &+ Int(text.byte(at: offset) &- 0x30)
    }
    return isNegative ? -number : number
  }

  /// Appends the UTF-8 of the string whose contents are at `range` of a valid JSON text.
  public static func unescape(_ text: RawSpan, _ range: Range<Int>, into output: inout ByteBuffer) {
    let contents = text.extracting(range)
    var position = 0
    while true {
      let end = plainEnd(in: contents, from: position)
      output.writeBytes(contents.extracting(position..<end))
      guard end < contents.byteCount else { return }
      position = readEscape(in: contents, at: end, into: &output)
    }
  }

  /// The first offset from `start` on that holds a quote, a backslash or a control character, or the end.
  /// Looks at eight bytes a time.
  static func plainEnd(in text: RawSpan, from start: Int) -> Int {
    var offset = start
    while offset &+ 8 <= text.byteCount {
      let hits = specialBytes(in: text.word(at: offset))
      if hits != 0 { return offset &+ hits.trailingZeroBitCount / 8 }
      offset &+= 8
    }
    if offset < text.byteCount, text.byteCount >= 8 {
      // The rest is the top of the last eight bytes. The zeros that move in behind it are control characters, so the
      // end is found by itself.
      let word = text.word(at: text.byteCount &- 8) >> UInt64(8 &* (offset &+ 8 &- text.byteCount))
      return offset &+ specialBytes(in: word).trailingZeroBitCount / 8
    }
    while offset < text.byteCount, specialBytes(in: UInt64(text.byte(at: offset)) | 0x2020_2020_2020_2000) == 0 {
      offset &+= 1
    }
    return offset
  }

  /// Sets the top bit of each byte that cannot stand in a string as it is. Above the lowest one there may be false
  /// alarms, because the subtractions borrow.
  @inline(__always)
  private static func specialBytes(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let controls = (word &- ones &* 0x20) & ~word
    return (controls | (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes) & (ones &* 0x80)
  }
}
