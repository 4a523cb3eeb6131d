/// Reads percent-encoded bytes one after the other. A `%` without two hexadecimal digits stands for itself
/// (WHATWG URL, percent-decode).
struct FormBytes {
  private var position: Int
  private let end: Int
  private let plusIsSpace: Bool

  init(_ range: Range<Int>, plusIsSpace: Bool) {
    position = range.lowerBound
    end = range.upperBound
    self.plusIsSpace = plusIsSpace
  }

  mutating func next(in bytes: Span<UInt8>) -> UInt8? {
    guard position < end else { return nil }
    let byte = bytes[position]
    position += 1
    if byte == UInt8(ascii: "+"), plusIsSpace { return ASCII.space }
    guard byte == UInt8(ascii: "%"), end - position >= 2,
      let high = ASCII.hexadecimalValue(bytes[position]),
      let low = ASCII.hexadecimalValue(bytes[position + 1])
    else { return byte }
    position += 2
    return high << 4 | low
  }

  /// The text that the rest stands for; what is not UTF-8 becomes U+FFFD.
  consuming func text(in bytes: Span<UInt8>) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(end - position)
    while let byte = next(in: bytes) { decoded.append(byte) }
    return String(decoding: decoded, as: UTF8.self)
  }

  /// Whether the rest stands for the text.
  consuming func spells(_ text: String, in bytes: Span<UInt8>) -> Bool {
    for expected in text.utf8 where next(in: bytes) != expected { return false }
    return next(in: bytes) == nil
  }
}
