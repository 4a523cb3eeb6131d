/// One pass over one payload, which ends with the text.
struct PayloadParser {
  private var scanner: JSONScanner
  private let argumentLimit: Int

  init(payload: Range<Int>, head: PacketHead, limits: JSONLimits) {
    scanner = JSONScanner(
      at: payload.lowerBound, depthLimit: limits.depth, attachments: head.type.isBinary ? head.attachmentCount : nil)
    argumentLimit = limits.arguments
  }

  /// An object, or a string where that is allowed.
  mutating func readValue(in text: RawSpan, mayBeString: Bool) throws(SocketIOParseError) -> Range<Int> {
    scanner.skipBlanks(in: text)
    let start = scanner.position
    switch text.byteOrZero(at: start) {
    case UInt8(ascii: "{"): break
    case UInt8(ascii: "\"") where mayBeString: break
    default: throw .invalidPayload
    }
    try scanner.skipValue(in: text)
    let end = scanner.position
    try expectEnd(of: text)
    return start..<end
  }

  /// An array with a name and arguments.
  mutating func readEvent(in text: RawSpan) throws(SocketIOParseError) -> EventPayload {
    guard try openArray(in: text) else { throw .invalidPayload }
    let name = try readName(in: text)
    let arguments = try scanner.nextValue(in: text) ? readElements(in: text) : ArgumentList()
    try expectEnd(of: text)
    return EventPayload(name: name, arguments: arguments)
  }

  /// An array of arguments.
  mutating func readArguments(in text: RawSpan) throws(SocketIOParseError) -> ArgumentList {
    let arguments = try openArray(in: text) ? readElements(in: text) : ArgumentList()
    try expectEnd(of: text)
    return arguments
  }

  /// True at the first element, false behind an empty array.
  @inline(__always)
  private mutating func openArray(in text: RawSpan) throws(SocketIOParseError) -> Bool {
    scanner.skipBlanks(in: text)
    guard text.byteOrZero(at: scanner.position) == UInt8(ascii: "[") else { throw .invalidPayload }
    return try scanner.open(object: false, in: text)
  }

  /// A string that is not reserved, or a number.
  @inline(__always)
  private mutating func readName(in text: RawSpan) throws(SocketIOParseError) -> EventName {
    let start = scanner.position
    guard text.byteOrZero(at: start) == UInt8(ascii: "\"") else {
      try scanner.skipNumber(in: text)
      return .number(Double(text.string(in: start..<scanner.position)) ?? .nan)
    }
    let name = try scanner.skipString(in: text)
    guard !EventName.isReserved(name, in: text) else { throw .invalidPayload }
    return .string(name.contents, isEscaped: name.isEscaped)
  }

  /// From the first byte of an element to behind the array.
  private mutating func readElements(in text: RawSpan) throws(SocketIOParseError) -> ArgumentList {
    var list = ArgumentList()
    repeat {
      guard list.count < argumentLimit else { throw .invalidPayload }
      let start = scanner.position
      try scanner.skipValue(in: text)
      list.append(start..<scanner.position)
    } while try scanner.nextValue(in: text)
    list.placeholderCount = scanner.placeholders?.count ?? 0
    return list
  }

  @inline(__always)
  private mutating func expectEnd(of text: RawSpan) throws(SocketIOParseError) {
    scanner.skipBlanks(in: text)
    guard scanner.position == text.byteCount else { throw .invalidPayload }
  }
}
