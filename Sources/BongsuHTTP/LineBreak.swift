/// The end of a line. Only CRLF ends one: a lenient reader and a strict one in a row would see different requests
/// in the same bytes (RFC 9112 §2.2 and §11.2).
enum LineBreak {
  /// Judges the first byte at `index` that is not content. True: CRLF is there. False: CR is, and what follows
  /// has not come yet.
  static func isComplete(_ bytes: Span<UInt8>, at index: Int, end: Int) throws(HTTPError) -> Bool {
    switch bytes[index] {
    case ASCII.carriageReturn:
      guard index + 1 < end else { return false }
      guard bytes[index + 1] == ASCII.lineFeed else { throw .badRequest(.bareCarriageReturn) }
      return true
    case ASCII.lineFeed:
      throw .badRequest(.bareLineFeed)
    default:
      throw .badRequest(.controlCharacter)
    }
  }
}
