/// Walks the elements of a comma-separated field value (RFC 9110 §5.6.1). Empty elements are passed over.
struct ListElements {
  private var position: Int
  private let end: Int

  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next element without the white space around it; nil after the last.
  mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
    while position < end {
      let start = position
      while position < end, bytes[position] != UInt8(ascii: ",") { position += 1 }
      let element = bytes.trimmed(start..<position)
      position += 1
      if !element.isEmpty { return element }
    }
    return nil
  }
}
