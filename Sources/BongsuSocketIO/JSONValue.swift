/// A value inside a JSON text that has been found valid: what kind it is and where. Enough to read the few small
/// objects that the server itself understands, without a tree.
///
/// Ranges count from the start of the text, which is passed to every call and is always the same.
public struct JSONValue: Sendable, Equatable {
  public enum Kind: Sendable {
    case object, array, string, number, `true`, `false`, null
  }

  public let kind: Kind
  public let range: Range<Int>

  /// The value that starts at the lower bound of `range` and fills it, as ranges of arguments do; nil if none does.
  public init?(in text: RawSpan, at range: Range<Int>) {
    guard range.upperBound <= text.byteCount, let first = range.first else { return nil }
    switch text.byte(at: first) {
    case UInt8(ascii: "{"): kind = .object
    case UInt8(ascii: "["): kind = .array
    case UInt8(ascii: "\""): kind = .string
    case UInt8(ascii: "t"): kind = .true
    case UInt8(ascii: "f"): kind = .false
    case UInt8(ascii: "n"): kind = .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): kind = .number
    default: return nil
    }
    self.range = range
  }

  /// A string's value.
  public func string(in text: RawSpan) -> String? {
    contents.map { JSONText.string(in: text, $0) }
  }

  /// A string's place without its quotes, escapes unresolved.
  public var contents: Range<Int>? {
    kind == .string && range.count >= 2 ? (range.lowerBound + 1)..<(range.upperBound - 1) : nil
  }

  public var bool: Bool? {
    switch kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// A number's value; infinite if it is larger than any double, as in JavaScript.
  public func number(in text: RawSpan) -> Double? {
    kind == .number ? Double(text.string(in: range)) : nil
  }

  /// The attachment that this object stands for, `{"_placeholder":true,"num":0}`. The packet was binary, so the
  /// number is known to be in range.
  public func placeholder(in text: RawSpan) -> Int? {
    var isMarked = false
    var number: Int?
    forEachMember(in: text) { key, value in
      switch key {
      case "_placeholder": isMarked = value.kind == .true
      case "num": number = PlaceholderWatch.plainInteger(in: text, at: value.range.lowerBound)
      default: break
      }
    }
    return isMarked ? number : nil
  }
}
