import NIOCore

/// Finds the messages in what a WebSocket server sends (RFC 6455 §5). It was not offered any extension.
struct FrameReader {
  enum Event: Equatable {
    case message(TestMessage)
    case ping([UInt8])
    case pong([UInt8])
    case close(code: UInt16?, reason: String)
  }

  private var pending = ByteBuffer()
  /// A message of several frames, as far as it has come.
  private var begun: (isText: Bool, bytes: [UInt8])?

  mutating func append(_ bytes: ByteBuffer) { pending.writeImmutableBuffer(bytes) }

  /// The next message or control frame, when all of it is there. Throws when the server may not send it.
  mutating func next() throws(TestKitError) -> Event? {
    while let (first, payload) = try frame() {
      let isFinal = first & 0x80 != 0
      switch (first & 0xF, begun) {
      case (0x0, let begun?): self.begun = (begun.isText, begun.bytes + payload)
      case (0x1, nil), (0x2, nil): begun = (first & 0xF == 1, payload)
      case (0x8, _) where isFinal && payload.count != 1: return close(payload)
      case (0x9, _) where isFinal: return .ping(payload)
      case (0xA, _) where isFinal: return .pong(payload)
      default: throw .unexpected("no server may send this frame now: \(first) \(payload)")
      }
      if isFinal, let whole = begun.take() {
        guard whole.isText else { return .message(.binary(whole.bytes)) }
        return .message(.text(String(decoding: whole.bytes, as: UTF8.self)))
      }
    }
    return nil
  }

  private func close(_ payload: [UInt8]) -> Event {
    guard payload.count >= 2 else { return .close(code: nil, reason: "") }
    let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
    return .close(code: code, reason: String(decoding: payload.dropFirst(2), as: UTF8.self))
  }

  /// A whole frame: its first byte and its payload.
  private mutating func frame() throws(TestKitError) -> (first: UInt8, payload: [UInt8])? {
    var input = pending
    guard let first: UInt8 = input.readInteger(), let second: UInt8 = input.readInteger() else { return nil }
    guard first & 0x70 == 0, second & 0x80 == 0 else {
      throw .unexpected("no server may send a frame with the head \(first) \(second)")
    }
    let length: Int?
    switch second {
    case 126: length = input.readInteger(as: UInt16.self).map { Int($0) }
    case 127: length = input.readInteger(as: UInt64.self).map { Int(clamping: $0) }
    default: length = Int(second)
    }
    guard let length, let payload = input.readBytes(length: length) else { return nil }
    pending = input
    return (first, payload)
  }
}
