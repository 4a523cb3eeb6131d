internal import BongsuSession
internal import BongsuSocketIO
internal import BongsuWebSocket
internal import NIOCore

/// What is sent to many, encoded once: an event for Socket.IO clients, or a message for plain WebSockets. The other
/// form is derived where somebody needs it.
///
/// The mapping between the two, for members of one room:
///  * a plain text message is the event `message` with that string, a plain binary message the event `message` with
///    those bytes;
///  * the event `message` with one string or one binary argument is the plain message of that text or those bytes;
///    any other event is its JSON array `["event",…arguments]` as text, followed by its attachments, a binary message
///    each.
struct Message: Sendable {
  enum Content: Sendable {
    case event(EncodedEvent)
    case plain(ByteBuffer, MessageKind)
  }

  let content: Content
  /// May be dropped for a client that cannot take it at once.
  var isVolatile = false
  /// Worth compressing, where compression was agreed on.
  var isCompressed = true

  /// What it costs while it waits.
  var byteCount: Int {
    switch content {
    case .event(let event): event.frames.readableBytes
    case .plain(let bytes, _): bytes.readableBytes
    }
  }

  /// As Socket.IO clients of a namespace are sent it.
  func event(namespace: String) -> EncodedEvent {
    switch content {
    case .event(let event): return event
    case .plain(let bytes, let kind):
      var elements = ByteBuffer(string: #""message","#)
      guard kind == .text else {
        elements.writeString(#"{"_placeholder":true,"num":0}"#)
        return EncodedEvent(
          elements: elements.readableBytesSpan, attachments: [bytes], namespace: namespace, ackID: nil)
      }
      JSONText.write(utf8: bytes.readableBytesSpan, into: &elements)
      return EncodedEvent(elements: elements.readableBytesSpan, attachments: [], namespace: namespace, ackID: nil)
    }
  }

  /// As plain WebSockets are sent it: frames.
  var plainFrames: ByteBuffer {
    switch content {
    case .plain(let bytes, let kind):
      return WebSocketEncoder.frame(kind == .text ? .text : .binary, bytes.readableBytesSpan)
    case .event(let event): return event.plainFrames
    }
  }
}

/// An event as it goes to Socket.IO clients, in the forms of both transports and in one buffer.
struct EncodedEvent: Sendable {
  /// WebSocket frames: the packet's text and each attachment.
  let frames: ByteBuffer
  /// The packet's text with its Engine.IO type digit: a part of `frames`.
  let text: ByteBuffer
  let attachments: [ByteBuffer]
  /// Where the JSON array stands in `text`.
  private let payloadOffset: Int

  /// - Parameter elements: the JSON array's elements, the event's name first, without the brackets.
  init(elements: RawSpan, attachments: [ByteBuffer], namespace: String, ackID: UInt64?) {
    self.init(attachments: attachments, capacity: elements.byteCount + namespace.utf8.count) { text in
      PacketEncoder.writeHead(
        attachments.isEmpty ? .event : .binaryEvent, namespace: namespace, ackID: ackID.map { AckID($0) },
        attachments: attachments.count, into: &text)
      let offset = text.readableBytes
      text.writeStaticString("[")
      text.write(elements)
      text.writeStaticString("]")
      return offset
    }
  }

  /// - Parameter write: appends the packet's text and returns where in it the JSON begins.
  init(attachments: [ByteBuffer], capacity: Int, _ write: (inout ByteBuffer) -> Int) {
    let attached = attachments.reduce(0) { $0 + $1.readableBytes + Self.headerRoom }
    var buffer = ByteBufferAllocator().buffer(capacity: capacity + attached + 64)
    // The frame's header stands in front of the text, whose length is known last.
    buffer.writeRepeatingByte(0, count: Self.headerRoom)
    buffer.moveReaderIndex(to: Self.headerRoom)
    payloadOffset = write(&buffer)
    let count = buffer.readableBytes
    let header = WebSocketEncoder.headerCount(payload: count)
    buffer.moveReaderIndex(to: Self.headerRoom - header)
    buffer.setFrameHeader(payload: count, at: Self.headerRoom - header)
    for attachment in attachments { WebSocketEncoder.append(.binary, attachment.readableBytesSpan, to: &buffer) }
    frames = buffer
    text = buffer.getSlice(at: Self.headerRoom, length: count) ?? ByteBuffer()
    self.attachments = attachments
  }

  private static let headerRoom = 10

  /// As a polling client is sent it.
  var packets: [OutgoingPacket] { [.text(text)] + attachments.map { .binary($0) } }

  /// The JSON array: the event's name and its arguments.
  var payload: ByteBuffer {
    text.getSlice(at: text.readerIndex + payloadOffset, length: text.readableBytes - payloadOffset) ?? ByteBuffer()
  }

  /// As plain WebSockets are sent it (see ``Message``).
  var plainFrames: ByteBuffer {
    let json = payload
    if let bytes = plainMessage(json.readableBytesSpan) {
      return WebSocketEncoder.frame(attachments.isEmpty ? .text : .binary, bytes.readableBytesSpan)
    }
    var frames = WebSocketEncoder.frame(.text, json.readableBytesSpan)
    for attachment in attachments { WebSocketEncoder.append(.binary, attachment.readableBytesSpan, to: &frames) }
    return frames
  }

  /// The content of an event `message` with a single text or binary argument.
  private func plainMessage(_ json: RawSpan) -> ByteBuffer? {
    // The array of an event looks like a packet behind its type digit.
    var packet = ByteBuffer(string: attachments.isEmpty ? "2" : "5\(attachments.count)-")
    packet.write(json)
    let text = packet.readableBytesSpan
    guard let head = try? PacketHead(parsing: text, maximumAttachments: .max),
      case .event(let event)? = try? PacketBody(parsing: text, head: head), event.name.text(in: text) == "message",
      event.arguments.count == 1, let argument = event.arguments.argument(0),
      let value = JSONValue(in: text, at: argument)
    else { return nil }
    if let contents = value.contents, attachments.isEmpty {
      var plain = ByteBuffer()
      JSONText.unescape(text, contents, into: &plain)
      return plain
    }
    return attachments.count == 1 && value.placeholder(in: text) == 0 ? attachments[0] : nil
  }
}

extension ByteBuffer {
  /// Writes the header of a final text frame over the bytes at `index` (RFC 6455 §5.2).
  fileprivate mutating func setFrameHeader(payload count: Int, at index: Int) {
    setInteger(0x81 as UInt8, at: index)
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

  /// Appends bytes that are looked at.
  mutating func write(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { bytes in _ = unsafe writeBytes(bytes) }
  }
}
