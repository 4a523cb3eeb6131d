public import BongsuMessagePack
public import NIOCore

extension MessagePackValue {
  /// What a JSON text says, with bytes where placeholders of attachments stand. Nil when it is not JSON, or nests
  /// deeper than 127.
  public init?(json text: RawSpan, attachments: [ByteBuffer] = []) {
    guard let all = Self.elements(json: text, attachments: attachments), all.count == 1 else { return nil }
    self = all[0]
  }

  /// The same for JSON texts separated by commas: an array without its brackets.
  public static func elements(json text: RawSpan, attachments: [ByteBuffer]) -> [MessagePackValue]? {
    var array = ByteBuffer(string: "[")
    array.writeBytes(text)
    array.writeStaticString("]")
    let text = array.readableBytesSpan
    var scanner = JSONScanner(at: 0)
    guard case .array(let elements)? = try? read(&scanner, text, attachments), scanner.position == text.byteCount else {
      return nil
    }
    return elements
  }

  private static func read(
    _ scanner: inout JSONScanner, _ text: RawSpan, _ attachments: [ByteBuffer]
  ) throws(SocketIOParseError) -> MessagePackValue {
    let start = scanner.position
    switch text.byteOrZero(at: start) {
    case UInt8(ascii: "["):
      var elements: [MessagePackValue] = []
      var isInside = try scanner.open(object: false, in: text)
      while isInside {
        elements.append(try read(&scanner, text, attachments))
        isInside = try scanner.nextValue(in: text)
      }
      return .array(elements)
    case UInt8(ascii: "{"):
      var members: [Member] = []
      var isInside = try scanner.open(object: true, in: text)
      while isInside {
        let key = scanner.key.map { JSONText.string(in: text, $0) } ?? ""
        members.append(Member(key, try read(&scanner, text, attachments)))
        isInside = try scanner.nextValue(in: text)
      }
      return placeholder(members, attachments) ?? .map(members)
    case UInt8(ascii: "\""): return .string(JSONText.string(in: text, try scanner.skipString(in: text).contents))
    default:
      try scanner.skipValue(in: text)
      return scalar(text.string(in: start..<scanner.position))
    }
  }

  private static func placeholder(_ members: [Member], _ attachments: [ByteBuffer]) -> MessagePackValue? {
    guard !attachments.isEmpty else { return nil }
    let map = MessagePackValue.map(members)
    guard map["_placeholder"] == .bool(true), case .integer(let number)? = map["num"],
      let index = Int(exactly: number), attachments.indices.contains(index)
    else { return nil }
    return .binary(attachments[index])
  }

  /// A number of any size, or one of the three words.
  private static func scalar(_ text: String) -> MessagePackValue {
    switch text {
    case "null": .null
    case "true": .bool(true)
    case "false": .bool(false)
    default: Int64(text).map { .integer($0) } ?? UInt64(text).map { .unsigned($0) } ?? .number(Double(text) ?? .nan)
    }
  }
}
