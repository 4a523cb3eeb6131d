/// How far a head has been read. Every byte is looked at when it comes and, if it ends a line, the line is read at
/// once; so a head costs the same however it is cut into pieces, and nonsense is refused as soon as it shows.
struct HeadScan: Sendable {
  private(set) var requestLine: RequestLine?
  private(set) var fields: [FieldLine] = []
  private(set) var meaning = HeadMeaning()

  /// Where the line that is being read begins; after the scan, the length of the head.
  private(set) var lineStart = 0
  /// Everything before this is content that need not be looked at again.
  private(set) var position = 0
  /// Where the name of the field that is being read ends; 0 while that is not known.
  private var colon = 0

  private enum Line { case partial, field, empty }

  /// Reads on in `bytes`, which begin with the head's first byte. True: the head is complete.
  mutating func advance(over bytes: Span<UInt8>, within limits: HTTPLimits) throws(HTTPError) -> Bool {
    if requestLine == nil {
      guard try readRequestLine(bytes, limits) else { return false }
      // Browsers send about this many; one allocation then holds them all.
      fields.reserveCapacity(16)
    }
    let end = min(bytes.count, limits.headBytes)
    while true {
      switch try readLine(bytes, end: end) {
      case .partial:
        guard end < limits.headBytes else { throw .headTooLarge }
        return false
      case .field:
        guard fields.count <= limits.headerCount else { throw .headTooLarge }
      case .empty:
        try meaning.settle(minorVersion: requestLine?.minorVersion ?? 1)
        return true
      }
    }
  }

  private mutating func readRequestLine(_ bytes: Span<UInt8>, _ limits: HTTPLimits) throws(HTTPError) -> Bool {
    let targetLimit = min(max(limits.targetBytes, 0), limits.headBytes)
    let longest = min(targetLimit + RequestLine.overhead + 2, limits.headBytes)
    let end = min(bytes.count, longest)
    skipContent(bytes, end: end)
    guard position < end, try LineBreak.isComplete(bytes, at: position, end: end) else {
      guard end < longest else { throw longest < limits.headBytes ? .targetTooLong : .headTooLarge }
      return false
    }
    requestLine = try RequestLine(bytes, end: position, targetLimit: targetLimit)
    startLine(at: position + 2)
    return true
  }

  private mutating func readLine(_ bytes: Span<UInt8>, end: Int) throws(HTTPError) -> Line {
    if colon == 0 {
      while position < end, ASCII.isToken(bytes[position]) { position += 1 }
      guard position < end else { return .partial }
      if position == lineStart, !isColon(bytes[position]), !ASCII.isWhiteSpace(bytes[position]) {
        return try readEmptyLine(bytes, end: end)
      }
      try checkColon(bytes[position])
      colon = position
      position += 1
    }
    skipContent(bytes, end: end)
    guard position < end, try LineBreak.isComplete(bytes, at: position, end: end) else { return .partial }
    let field = FieldLine(bytes, start: lineStart, colon: colon, end: position)
    fields.append(field)
    try meaning.note(field, in: bytes)
    startLine(at: position + 2)
    return .field
  }

  private mutating func readEmptyLine(_ bytes: Span<UInt8>, end: Int) throws(HTTPError) -> Line {
    let byte = bytes[position]
    // What is neither a token nor a control character cannot begin a line.
    if ASCII.isFieldContent(byte) { throw .badRequest(.fieldName) }
    guard try LineBreak.isComplete(bytes, at: position, end: end) else { return .partial }
    startLine(at: position + 2)
    return .empty
  }

  /// No white space is allowed between name and colon, and none in front of a name: old line folding
  /// (RFC 9112 §5.1, §5.2).
  private func checkColon(_ byte: UInt8) throws(HTTPError) {
    if position > lineStart, isColon(byte) { return }
    if position == lineStart, ASCII.isWhiteSpace(byte) { throw .badRequest(.foldedLine) }
    throw .badRequest(.fieldName)
  }

  private func isColon(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ":") }

  private mutating func skipContent(_ bytes: Span<UInt8>, end: Int) {
    var index = position
    while index < end, ASCII.isFieldContent(bytes[index]) { index += 1 }
    position = index
  }

  private mutating func startLine(at index: Int) {
    lineStart = index
    position = index
    colon = 0
  }
}
