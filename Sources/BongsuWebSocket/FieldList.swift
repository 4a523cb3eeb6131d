/// The elements of a comma-separated header value (RFC 9110 §5.6.1), without the space around them. Every byte is
/// looked at once, whatever the value consists of.
struct FieldList: Sequence, IteratorProtocol {
  private var rest: Substring.UTF8View?

  init(_ value: String) {
    rest = value[...].utf8
  }

  mutating func next() -> Element? {
    guard let text = rest else { return nil }
    let comma = text.firstIndex(of: UInt8(ascii: ","))
    rest = comma.map { text[text.index(after: $0)...] }
    return Element(text[..<(comma ?? text.endIndex)])
  }

  struct Element {
    private let text: Substring.UTF8View

    init(_ untrimmed: Substring.UTF8View) {
      var text = untrimmed
      while let first = text.first, Self.isSpace(first) { text.removeFirst() }
      while let last = text.last, Self.isSpace(last) { text.removeLast() }
      self.text = text
    }

    var string: String { String(Substring(text)) }

    /// Whether it is `word`, which consists of lower-case letters, in any case.
    func matches(_ word: String) -> Bool {
      // Setting the bit that tells the cases apart makes nothing but the two cases of a letter that letter.
      text.lazy.map { $0 | 0x20 }.elementsEqual(word.utf8)
    }

    /// Whether it is a token (RFC 9110 §5.6.2), so that it can be sent back in a header without harm.
    var isToken: Bool { !text.isEmpty && text.allSatisfy(\.isTokenCharacter) }

    private static func isSpace(_ character: UInt8) -> Bool {
      character == UInt8(ascii: " ") || character == UInt8(ascii: "\t")
    }
  }
}

extension UInt8 {
  /// Whether tokens may consist of it (RFC 9110 §5.6.2).
  var isTokenCharacter: Bool {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default:
      "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }
}
