/// The framing of a chunked body (RFC 9112 §7.1), byte by byte: everything but the data between the size lines.
///
///     chunk   = 1*HEXDIG [ chunk-ext ] CRLF data CRLF
///     body    = *chunk 1*"0" [ chunk-ext ] CRLF *( field-line CRLF ) CRLF
struct ChunkedFraming: Sendable {
  private enum State: Sendable {
    case size(UInt64, digits: Int)
    case chunkExtension(UInt64, bytes: Int)
    case sizeLineFeed(UInt64)
    case data(Int)
    case dataCarriageReturn
    case dataLineFeed
    case trailerLine
    case trailerName
    case trailerValue
    case trailerLineFeed
    case lastLineFeed
    case complete
  }

  private var state = State.size(0, digits: 0)
  private var extensionBytes = 0
  private var trailerBytes = 0

  /// Whether the empty line that ends the body has been read.
  var isComplete: Bool {
    if case .complete = state { true } else { false }
  }

  /// The bytes of data that come next, before any framing.
  var dataBytes: Int {
    if case .data(let count) = state { count } else { 0 }
  }

  /// Notes that so many of `dataBytes` have been consumed.
  mutating func tookData(_ count: Int) {
    guard case .data(let expected) = state else { return }
    state = count < expected ? .data(expected - count) : .dataCarriageReturn
  }

  /// Reads framing until data comes next, the body is complete, or the bytes are used up.
  ///
  /// - Parameter room: the bytes of data that may still come.
  /// - Returns: the number of bytes read.
  mutating func advance(over bytes: Span<UInt8>, room: Int) throws(HTTPError) -> Int {
    var index = 0
    while index < bytes.count {
      if isComplete || dataBytes > 0 { break }
      state = try next(after: bytes[index], room: room)
      index += 1
    }
    return index
  }

  private mutating func next(after byte: UInt8, room: Int) throws(HTTPError) -> State {
    switch state {
    case .size(let value, let digits):
      return try size(value, digits, byte)
    case .chunkExtension(let value, let count):
      return try chunkExtension(value, count, byte)
    case .sizeLineFeed(let value):
      return try endSizeLine(value, byte, room: room)
    case .dataCarriageReturn:
      guard byte == ASCII.carriageReturn else { throw .badRequest(.chunkEnd) }
      return .dataLineFeed
    case .dataLineFeed:
      guard byte == ASCII.lineFeed else { throw .badRequest(.chunkEnd) }
      return .size(0, digits: 0)
    case .trailerLine, .trailerName, .trailerValue, .trailerLineFeed:
      return try trailer(byte)
    case .lastLineFeed:
      guard byte == ASCII.lineFeed else { throw .badRequest(.bareCarriageReturn) }
      return .complete
    case .data, .complete:
      return state
    }
  }

  /// 16 digits are all that 64 bits can hold, so the value cannot overflow.
  private func size(_ value: UInt64, _ digits: Int, _ byte: UInt8) throws(HTTPError) -> State {
    if let digit = ASCII.hexadecimalValue(byte), digits < 16 {
      return .size(value << 4 | UInt64(digit), digits: digits + 1)
    }
    guard digits > 0 else { throw .badRequest(.chunkSize) }
    switch byte {
    case ASCII.carriageReturn: return .sizeLineFeed(value)
    case UInt8(ascii: ";"): return .chunkExtension(value, bytes: 1)
    default: throw .badRequest(byte == ASCII.lineFeed ? .bareLineFeed : .chunkSize)
    }
  }

  /// Extensions are skipped (RFC 9112 §7.1.1), but not without end.
  private mutating func chunkExtension(_ value: UInt64, _ count: Int, _ byte: UInt8) throws(HTTPError) -> State {
    if byte == ASCII.carriageReturn { return .sizeLineFeed(value) }
    extensionBytes += 1
    guard ASCII.isFieldContent(byte), count < HTTPLimits.chunkExtensionBytes,
      extensionBytes <= HTTPLimits.bodyExtensionBytes
    else { throw .badRequest(byte == ASCII.lineFeed ? .bareLineFeed : .chunkExtension) }
    return .chunkExtension(value, bytes: count + 1)
  }

  private func endSizeLine(_ value: UInt64, _ byte: UInt8, room: Int) throws(HTTPError) -> State {
    guard byte == ASCII.lineFeed else { throw .badRequest(.bareCarriageReturn) }
    if value == 0 { return .trailerLine }
    guard let count = Int(exactly: value), count <= room else { throw .bodyTooLarge }
    return .data(count)
  }

  /// Trailer fields must be well-formed and are dropped: nothing here knows any (RFC 9110 §6.5.1).
  private mutating func trailer(_ byte: UInt8) throws(HTTPError) -> State {
    trailerBytes += 1
    guard trailerBytes <= HTTPLimits.trailerBytes else { throw .headTooLarge }
    switch state {
    case .trailerLine where byte == ASCII.carriageReturn:
      return .lastLineFeed
    case .trailerLine where ASCII.isToken(byte), .trailerName where ASCII.isToken(byte):
      return .trailerName
    case .trailerName where byte == UInt8(ascii: ":"):
      return .trailerValue
    case .trailerValue where ASCII.isFieldContent(byte):
      return .trailerValue
    case .trailerValue where byte == ASCII.carriageReturn:
      return .trailerLineFeed
    case .trailerLineFeed where byte == ASCII.lineFeed:
      return .trailerLine
    case .trailerLineFeed:
      throw .badRequest(.bareCarriageReturn)
    default:
      throw .badRequest(byte == ASCII.lineFeed ? .bareLineFeed : .trailer)
    }
  }
}
