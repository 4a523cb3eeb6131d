/// Entity tags in conditional requests (RFC 9110 §8.8.3, §13.1.2).
public enum EntityTag {
  /// Whether an If-None-Match value names the tag, so that a GET is answered 304.
  ///
  /// - Parameters:
  ///   - tag: the current tag as the ETag field has it, with quotes and perhaps `W/`.
  ///   - value: one If-None-Match value: `*` or a list of tags. The comparison is weak; what follows a malformed
  ///     element is not read.
  public static func matches(_ tag: String, ifNoneMatch value: String) -> Bool {
    let wanted = opaque(Substring(tag).utf8)
    var rest = Substring(value).utf8
    skipWhiteSpace(&rest)
    if rest.first == UInt8(ascii: "*") {
      rest.removeFirst()
      skipWhiteSpace(&rest)
      return rest.isEmpty
    }
    while let found = nextTag(&rest) {
      if found.elementsEqual(wanted) { return true }
    }
    return false
  }

  /// The next `[ "W/" ] DQUOTE *etagc DQUOTE` of a list, without `W/`; nil when there is none.
  private static func nextTag(_ rest: inout Substring.UTF8View) -> Substring.UTF8View? {
    skipWhiteSpace(&rest, andCommas: true)
    rest = opaque(rest)
    guard rest.first == UInt8(ascii: "\"") else { return nil }
    guard let close = rest.dropFirst().firstIndex(where: { $0 == UInt8(ascii: "\"") }) else { return nil }
    let tag = rest[...close]
    rest = rest[rest.index(after: close)...]
    skipWhiteSpace(&rest)
    if rest.first != UInt8(ascii: ",") { rest = rest[rest.endIndex...] }
    return tag
  }

  private static func opaque(_ tag: Substring.UTF8View) -> Substring.UTF8View {
    tag.starts(with: "W/".utf8) ? tag.dropFirst(2) : tag
  }

  private static func skipWhiteSpace(_ rest: inout Substring.UTF8View, andCommas: Bool = false) {
    rest = rest.drop { ASCII.isWhiteSpace($0) || andCommas && $0 == UInt8(ascii: ",") }
  }
}

extension RequestHead {
  /// Whether one of the If-None-Match fields names the tag.
  public func ifNoneMatch(names tag: String) -> Bool {
    values("if-none-match").contains { EntityTag.matches(tag, ifNoneMatch: $0) }
  }
}
