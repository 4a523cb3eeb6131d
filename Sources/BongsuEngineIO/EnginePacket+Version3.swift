// Engine.IO 3, Packet encoding: a binary packet has its type in front, too, as a digit of base64 text or as a byte.
extension EnginePacket {
  /// Decodes a WebSocket text message, or a text packet of a body.
  init(version3 text: RawSpan, range: Range<Int>) {
    guard range.count > 1, text.byte(at: range.lowerBound) == PayloadWriter.binaryMarker else {
      self.init(decoding: text, range: range)
      if case .binary = self { self = .invalid }
      return
    }
    self.init(decoding: text, range: range.dropFirst())
    switch self {
    case .packet(.message, let data): self = .binary(base64: data)
    case .packet: break
    case .binary, .bytes, .invalid: self = .invalid
    }
  }

  /// Decodes a WebSocket binary message, or a binary packet of a body.
  init(version3 bytes: RawSpan, binary range: Range<Int>) {
    guard let first = range.first, let type = EnginePacketType(number: bytes.byte(at: first)) else {
      self = .invalid
      return
    }
    self = type == .message ? .bytes(range.dropFirst()) : .packet(type, data: range.dropFirst())
  }

  /// Decodes the whole of a WebSocket message.
  public init(decoding message: RawSpan, isText: Bool, _ dialect: EngineDialect) {
    let range = 0..<message.byteCount
    self =
      switch (dialect.isVersion3, isText) {
      case (false, true): EnginePacket(decoding: message, range: range)
      case (false, false): .bytes(range)
      case (true, true): EnginePacket(version3: message, range: range)
      case (true, false): EnginePacket(version3: message, binary: range)
      }
  }
}

extension EnginePacketType {
  /// The type of a binary packet's first byte.
  fileprivate init?(number: UInt8) { self.init(rawValue: number &+ EnginePacketType.open.rawValue) }

  /// The first byte of a binary packet of this type (Engine.IO 3).
  public var number: UInt8 { rawValue &- EnginePacketType.open.rawValue }
}
