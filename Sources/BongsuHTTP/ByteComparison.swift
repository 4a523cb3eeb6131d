extension Span<UInt8> {
  /// Whether the bytes in the range are exactly the text.
  func equals(_ text: String, in range: Range<Int>) -> Bool {
    guard range.count == text.utf8.count, range.upperBound <= count else { return false }
    var index = range.lowerBound
    for byte in text.utf8 {
      if self[index] != byte { return false }
      index += 1
    }
    return true
  }

  /// Whether the bytes in the range are the text but for the case of ASCII letters.
  func equals(ignoringCase text: String, in range: Range<Int>) -> Bool {
    guard range.count == text.utf8.count, range.upperBound <= count else { return false }
    var index = range.lowerBound
    for byte in text.utf8 {
      if ASCII.lowercased(self[index]) != ASCII.lowercased(byte) { return false }
      index += 1
    }
    return true
  }

  /// The range without spaces and tabs at either end.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, ASCII.isWhiteSpace(self[start]) { start += 1 }
    while end > start, ASCII.isWhiteSpace(self[end - 1]) { end -= 1 }
    return start..<end
  }
}
