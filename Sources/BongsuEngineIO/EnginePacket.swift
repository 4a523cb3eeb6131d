/// One packet, decoded as ranges into the bytes it came in; nothing is copied.
///
/// Ranges count from the start of the span that was passed in, which for a `ByteBuffer` is its reader index.
public enum EnginePacket: Equatable, Sendable {
  /// A packet with a type digit. The data of a bare digit is an empty range.
  case packet(EnginePacketType, data: Range<Int>)
  /// A binary message in text form: `b`, then base64 without a type digit (Engine.IO 4, Payload encoding), in version 3
  /// with one.
  case binary(base64: Range<Int>)
  /// A binary message as bytes (Engine.IO 3).
  case bytes(Range<Int>)
  /// An empty packet or an unknown type: the session ends with the reason "parse error".
  case invalid

  /// Decodes the whole of `text`: one WebSocket text message.
  public init(decoding text: RawSpan) {
    self.init(decoding: text, range: 0..<text.byteCount)
  }

  /// Decodes the packet at `range` of a long-polling body.
  public init(decoding body: RawSpan, range: Range<Int>) {
    guard let first = range.first else {
      self = .invalid
      return
    }
    let digit = body.byte(at: first)
    let data = (first + 1)..<range.upperBound
    if let type = EnginePacketType(rawValue: digit) {
      self = .packet(type, data: data)
    } else if digit == PayloadWriter.binaryMarker {
      self = .binary(base64: data)
    } else {
      self = .invalid
    }
  }
}
