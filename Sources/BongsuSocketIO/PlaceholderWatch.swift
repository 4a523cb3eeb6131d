/// Finds the objects in a binary packet that stand for attachments, `{"_placeholder":true,"num":0}`, and those that
/// claim to and do not. Of members with the same name the last one counts, as for `JSON.parse`.
///
/// All it remembers are two stacks of bits, in which the innermost container's is the lowest.
struct PlaceholderWatch {
  private let attachmentCount: Int
  /// Whether there is a `_placeholder` that is `true`.
  private var marked: UInt128 = 0
  /// Whether there is a `num` that names an attachment.
  private var numbered: UInt128 = 0
  /// The placeholders seen so far.
  private(set) var count = 0

  init(attachmentCount: Int) {
    self.attachmentCount = attachmentCount
  }

  mutating func open() {
    marked = marked &<< 1
    numbered = numbered &<< 1
  }

  /// A member of the innermost object, whose value starts at `position` and has not been read yet.
  mutating func note(_ key: JSONStringRange, valueAt position: Int, in text: RawSpan) {
    if key.matches("_placeholder", in: text) {
      let isTrue = text.byteOrZero(at: position) == UInt8(ascii: "t")
      marked = marked & ~1 | (isTrue ? 1 : 0)
    } else if key.matches("num", in: text) {
      let number = Self.plainInteger(in: text, at: position)
      let isLegal = number.map { $0 < attachmentCount } ?? false
      numbered = numbered & ~1 | (isLegal ? 1 : 0)
    }
  }

  /// False if the innermost object claims to be a placeholder but names no attachment.
  mutating func close() -> Bool {
    let isMarked = marked & 1 != 0
    let isNumbered = numbered & 1 != 0
    marked = marked &>> 1
    numbered = numbered &>> 1
    if isMarked { count += 1 }
    return isNumbered || !isMarked
  }

  /// The number at `position` if it is digits and nothing else. JavaScript would take `1e0` and `-0` for indices, too,
  /// but no client writes them, and other languages that the packet is passed on to would read something else.
  static func plainInteger(in text: RawSpan, at position: Int) -> Int? {
    var end = position
    var value = 0
    while isDigit(text.byteOrZero(at: end)) {
      guard value <= Int(Int32.max) else { return nil }
      value = value * 10 + Int(text.byte(at: end) &- 0x30)
      end += 1
    }
    switch text.byteOrZero(at: end) {
    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
    default: return end > position ? value : nil
    }
  }
}

extension JSONStringRange {
  /// Whether the string, once its escapes are resolved, is `word`.
  func matches(_ word: StaticString, in text: RawSpan) -> Bool {
    guard isEscaped else { return text.equals(word, in: contents) }
    // An escape takes at most six bytes for one, so anything longer is not worth decoding.
    guard contents.count <= 6 * word.utf8CodeUnitCount else { return false }
    return JSONText.string(in: text, contents) == word.description
  }
}
