internal import BongsuBytes
internal import BongsuMessagePack
internal import BongsuSession
internal import BongsuSocketIO
internal import BongsuWebSocket
internal import NIOCore

/// An event, or the answer to one, as it goes to Socket.IO clients by either transport.
struct EncodedEvent: Sendable {
  private enum Form {
    /// The packet's text with its Engine.IO type digit, which is a part of `frames`, its attachments, and where in the
    /// text the JSON array stands.
    case text(ByteBuffer, attachments: [ByteBuffer], payloadOffset: Int)
    /// The packet, a part of `frames`, and its elements' bytes and number.
    case packed(ByteBuffer, elements: ByteBuffer, count: Int)
    /// The packet in its owner's format, and its elements as MessagePack.
    case custom([OutgoingPacket], elements: ByteBuffer, count: Int)
  }

  /// WebSocket frames: all of the packet's messages.
  let frames: ByteBuffer
  private let form: Form

  /// - Parameters:
  ///   - type: `event` or `ack`.
  ///   - elements: what the packet's array consists of, an event's name first, in the parser's notation.
  ///   - count: how many elements there are.
  ///   - attachments: what placeholders in JSON stand for.
  /// - Throws: what a parser of the server's owner throws.
  init(
    _ type: PacketType = .event, elements: RawSpan, count: Int, attachments: [ByteBuffer] = [], namespace: String,
    ackID: AckID?, parser: Parser
  ) throws {
    switch parser {
    case .default:
      self.init(type, json: elements, attachments: attachments, namespace: namespace, ackID: ackID)
    case .msgpack:
      self.init(type, packed: elements, count: count, namespace: namespace, ackID: ackID)
    case .custom(let custom):
      var packet = ByteBuffer()
      PackedPacketEncoder.message(
        type, elements: elements, count: count, namespace: namespace, ackID: ackID, into: &packet)
      try self.init(packet.readableBytesSpan, by: custom, elements: ByteBuffer(elements), count: count)
    }
  }

  private init(
    _ type: PacketType, json elements: RawSpan, attachments: [ByteBuffer], namespace: String, ackID: AckID?
  ) {
    let type = attachments.isEmpty ? type : type == .ack ? .binaryAck : .binaryEvent
    let prefix = PacketPrefix(type, namespace: namespace, ackID: ackID, attachments: attachments.count)
    let count = prefix.count + elements.byteCount + 2
    let total = attachments.reduce(WebSocketEncoder.frameCount(payload: count)) {
      $0 + WebSocketEncoder.frameCount(payload: $1.readableBytes)
    }
    frames = ByteBuffer(initialCapacity: total) { output in
      WebSocketEncoder.writeHeader(.text, payload: count, into: &output)
      prefix.append(to: &output)
      output.append(UInt8(ascii: "["))
      output.append(contentsOf: elements)
      output.append(UInt8(ascii: "]"))
      for attachment in attachments {
        WebSocketEncoder.write(.binary, attachment.readableBytesSpan, into: &output)
      }
    }
    let header = WebSocketEncoder.headerCount(payload: count)
    form = .text(frames.slice(header..<header + count), attachments: attachments, payloadOffset: prefix.count)
  }

  private init(_ type: PacketType, packed elements: RawSpan, count: Int, namespace: String, ackID: AckID?) {
    var frame = FrameRoom(elements.byteCount + namespace.utf8.count)
    let range = PackedPacketEncoder.message(
      type, elements: elements, count: count, namespace: namespace, ackID: ackID, into: &frame.buffer)
    let packet = frame.message(frame.close(.binary))
    frames = frame.buffer
    form = .packed(packet, elements: packet.slice(range), count: count)
  }

  private init(_ packet: RawSpan, by parser: any PacketParser, elements: ByteBuffer, count: Int) throws {
    let packets = try ParserPacket.encoded(packed: packet, by: parser)
    var frames = ByteBuffer()
    for packet in packets {
      switch packet {
      case .text(let bytes): WebSocketEncoder.append(.text, bytes.readableBytesSpan, to: &frames)
      case .binary(let bytes): WebSocketEncoder.append(.binary, bytes.readableBytesSpan, to: &frames)
      }
    }
    self.frames = frames
    form = .custom(packets, elements: elements, count: count)
  }

  private init() {
    frames = ByteBuffer()
    form = .custom([], elements: ByteBuffer(), count: 0)
  }

  /// What there is to send when an event could not be encoded.
  static let nothing = EncodedEvent()

  /// As a polling client is sent it.
  var packets: [OutgoingPacket] {
    switch form {
    case .text(let text, let attachments, _): [.text(text)] + attachments.map { .binary($0) }
    case .packed(let packet, _, _): [.binary(packet)]
    case .custom(let packets, _, _): packets
    }
  }

  /// What the packet's array consists of, an event's name first.
  var elements: Arguments {
    switch form {
    case .text(let text, let attachments, let offset):
      Arguments(text.slice(offset + 1..<text.readableBytes - 1), attachments: attachments)
    case .packed(_, let elements, let count), .custom(_, let elements, let count):
      Arguments(elements, .messagePack, attachments: [], count: count)
    }
  }

  /// What the packet's array consists of; of JSON the elements are not counted.
  var parts: (elements: ByteBuffer, count: Int, attachments: [ByteBuffer]) {
    switch form {
    case .text(let text, let attachments, let offset):
      (text.slice(offset + 1..<text.readableBytes - 1), 0, attachments)
    case .packed(_, let elements, let count), .custom(_, let elements, let count): (elements, count, [])
    }
  }

  /// Of the elements.
  var notation: Notation { if case .text = form { .json } else { .messagePack } }

  /// As plain WebSockets are sent it (see ``Message``).
  var plainFrames: ByteBuffer {
    switch form {
    case .text(let text, let attachments, let offset):
      let json = text.slice(offset..<text.readableBytes)
      return PlainMessage(json: json, attachments: attachments).frames
    case .packed(_, let elements, let count), .custom(_, let elements, let count):
      return PlainMessage(packed: elements, count: count)?.frames ?? ByteBuffer()
    }
  }
}

/// A buffer for a frame whose header stands in front of what is written, and whose length is known last.
private struct FrameRoom {
  /// The longest header (RFC 6455 §5.2).
  static let count = 10
  var buffer: ByteBuffer

  init(_ capacity: Int) {
    buffer = ByteBufferAllocator().buffer(capacity: capacity + 64)
    buffer.writeRepeatingByte(0, count: Self.count)
    buffer.moveReaderIndex(to: Self.count)
  }

  /// Puts the header in front, which belongs to `buffer` from now on, and returns how much was written.
  mutating func close(_ opcode: Opcode) -> Int {
    let count = buffer.readableBytes
    let start = Self.count - WebSocketEncoder.headerCount(payload: count)
    buffer.moveReaderIndex(to: start)
    buffer.setFrameHeader(opcode, payload: count, at: start)
    return count
  }

  /// What the first frame is about; not before all is written, which would copy a buffer that is shared.
  func message(_ count: Int) -> ByteBuffer { buffer.getSlice(at: Self.count, length: count) ?? ByteBuffer() }
}

extension ByteBuffer {
  /// Writes the header of a final frame over the bytes at `index` (RFC 6455 §5.2).
  fileprivate mutating func setFrameHeader(_ opcode: Opcode, payload count: Int, at index: Int) {
    setInteger(0x80 | opcode.rawValue, at: index)
    if count < 126 {
      setInteger(UInt8(truncatingIfNeeded: count), at: index + 1)
    } else if count <= UInt16.max {
      setInteger(126 as UInt8, at: index + 1)
      setInteger(UInt16(truncatingIfNeeded: count), at: index + 2)
    } else {
      setInteger(127 as UInt8, at: index + 1)
      setInteger(UInt64(count), at: index + 2)
    }
  }

  /// The bytes of a range that counts from the first readable one; empty if they are not there.
  func slice(_ range: Range<Int>) -> ByteBuffer {
    getSlice(at: readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
  }
}
