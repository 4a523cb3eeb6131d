/// What a request asks for, in one of the forms that a server which is no proxy accepts (RFC 9112 §3.2):
/// `/path?query`, `http://host/path?query`, and `*` for OPTIONS.
struct RequestTarget: Sendable {
  let whole: ByteRange
  /// Empty but in the absolute form.
  let authority: ByteRange
  /// Empty in an absolute form without a path, which means `/`.
  let path: ByteRange
  let query: ByteRange

  init(_ bytes: Span<UInt8>, in range: Range<Int>, method: HTTPMethod) throws(HTTPError) {
    whole = ByteRange(range)
    let end = range.upperBound
    let question = try Self.firstQuestionMark(bytes, in: range)
    query = question < end ? ByteRange(question + 1..<end) : .empty
    if range.isEmpty { throw .badRequest(.target) }
    if bytes[range.lowerBound] == UInt8(ascii: "/") {
      authority = .empty
      path = ByteRange(range.lowerBound..<question)
    } else if bytes.equals("*", in: range), method == .options {
      authority = .empty
      path = whole
    } else {
      let start = try Self.authorityStart(bytes, in: range)
      var slash = start
      while slash < question, bytes[slash] != UInt8(ascii: "/") { slash += 1 }
      guard Self.isAuthority(bytes, in: start..<slash) else { throw .badRequest(.target) }
      authority = ByteRange(start..<slash)
      path = ByteRange(slash..<question)
    }
  }

  /// `uri-host [ ":" port ]`, not empty, without user information (RFC 9110 §4.2.4).
  static func isAuthority(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard let first = range.first, bytes[first] != UInt8(ascii: ":") else { return false }
    for index in range where !ASCII.isHost(bytes[index]) { return false }
    return true
  }

  /// Where the query begins, or the end. Refuses what has no place in a URI (RFC 3986 §2); the printable
  /// characters that browsers leave as they are, such as `|` and `{`, are let through.
  private static func firstQuestionMark(_ bytes: Span<UInt8>, in range: Range<Int>) throws(HTTPError) -> Int {
    var question = range.upperBound
    for index in range {
      let byte = bytes[index]
      guard byte > ASCII.space, byte < ASCII.delete, byte != UInt8(ascii: "#") else {
        throw .badRequest(.targetCharacter)
      }
      if byte == UInt8(ascii: "?"), question == range.upperBound { question = index }
    }
    return question
  }

  private static func authorityStart(_ bytes: Span<UInt8>, in range: Range<Int>) throws(HTTPError) -> Int {
    for scheme in ["http://", "https://"] where range.count > scheme.utf8.count {
      let end = range.lowerBound + scheme.utf8.count
      if bytes.equals(ignoringCase: scheme, in: range.lowerBound..<end) { return end }
    }
    throw .badRequest(.target)
  }
}
