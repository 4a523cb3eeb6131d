/// What stands in front of a packet's payload:
/// `<type digit>[<attachments>-][<namespace>,][<ack id>][payload]` (Socket.IO 5, Packet encoding).
///
/// Ranges count from the start of the span that was parsed.
public struct PacketHead: Sendable, Equatable {
  public let type: PacketType
  /// The binary messages that follow; zero unless the type is binary.
  public let attachmentCount: Int
  /// The namespace's name with its leading slash, and with a query if it has one; nil for `/`.
  public let namespace: Range<Int>?
  public let ackID: AckID?
  /// The bytes after the head, unseen; nil if there are none.
  public let payload: Range<Int>?

  /// Of a packet without attachments that was parsed elsewhere.
  init(_ type: PacketType, namespace: Range<Int>?, ackID: AckID?, payload: Range<Int>?) {
    self.type = type
    attachmentCount = 0
    self.namespace = namespace
    self.ackID = ackID
    self.payload = payload
  }

  /// Parses the head of `text`, an Engine.IO message's data (the `4` in front is not part of it).
  public init(parsing text: RawSpan, maximumAttachments: Int) throws(SocketIOParseError) {
    guard text.byteCount > 0 else { throw .emptyPacket }
    guard let type = PacketType(rawValue: text.byte(at: 0)) else { throw .unknownPacketType(text.byte(at: 0)) }
    var position = 1
    self.type = type
    attachmentCount =
      type.isBinary ? try Self.readAttachmentCount(text, &position, maximum: maximumAttachments) : 0
    namespace = Self.readNamespace(text, &position)
    ackID = try Self.readAckID(text, &position)
    payload = position < text.byteCount ? position..<text.byteCount : nil
  }

  /// Digits and a hyphen. JavaScript's other ways to write a number, and no digits at all, are errors.
  private static func readAttachmentCount(
    _ text: RawSpan, _ position: inout Int, maximum: Int
  ) throws(SocketIOParseError) -> Int {
    let start = position
    var count = 0
    while isDigit(text.byteOrZero(at: position)) {
      // Stops growing once it is too large; the limit is far below.
      if count <= Int(Int32.max) { count = count * 10 + Int(text.byte(at: position) &- 0x30) }
      position += 1
    }
    guard position > start, text.byteOrZero(at: position) == UInt8(ascii: "-") else {
      throw .illegalAttachmentCount
    }
    guard count <= min(maximum, Int(Int32.max)) else { throw .tooManyAttachments }
    position += 1
    return count
  }

  /// From a slash to the first comma or the end. `/` itself is the main namespace, spelled out.
  private static func readNamespace(_ text: RawSpan, _ position: inout Int) -> Range<Int>? {
    guard text.byteOrZero(at: position) == UInt8(ascii: "/") else { return nil }
    let start = position
    while position < text.byteCount, text.byte(at: position) != UInt8(ascii: ",") { position += 1 }
    let name = start..<position
    if position < text.byteCount { position += 1 }
    return name.count == 1 ? nil : name
  }

  /// Digits, and blanks around them as JavaScript's `Number` allows. Blanks alone are no id: they belong to the JSON.
  private static func readAckID(_ text: RawSpan, _ position: inout Int) throws(SocketIOParseError) -> AckID? {
    let first = Self.skipBlanks(text, from: position)
    var end = first
    while isDigit(text.byteOrZero(at: end)) { end += 1 }
    guard end > first else { return nil }
    guard let id = AckID(digits: first..<end, in: text) else { throw .invalidPayload }
    position = Self.skipBlanks(text, from: end)
    return id
  }

  /// The ASCII part of JavaScript's white space.
  private static func skipBlanks(_ text: RawSpan, from start: Int) -> Int {
    var position = start
    while position < text.byteCount {
      let byte = text.byte(at: position)
      guard byte == 0x20 || (0x09...0x0D).contains(byte) else { break }
      position += 1
    }
    return position
  }
}
