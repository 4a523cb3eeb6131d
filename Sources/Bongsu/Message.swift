internal import BongsuMessagePack
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
///    each. Of MessagePack, the bytes become attachments.
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

  /// As Socket.IO clients of a namespace are sent it. Throws what a parser of the server's owner throws.
  func event(namespace: String, parser: Parser) throws -> EncodedEvent {
    switch content {
    case .event(let event): return event
    case .plain(let bytes, let kind):
      let (elements, attachments) = Self.elements(bytes, kind, parser.notation)
      return try EncodedEvent(
        elements: elements.readableBytesSpan, count: 2, attachments: attachments, namespace: namespace, ackID: nil,
        parser: parser)
    }
  }

  /// The event's name and its arguments.
  var elements: Arguments {
    switch content {
    case .event(let event): return event.elements
    case .plain(let bytes, let kind):
      let (elements, attachments) = Self.elements(bytes, kind, .json)
      return Arguments(elements, .json, attachments: attachments, count: 2)
    }
  }

  /// The elements of the event `message` with these contents.
  private static func elements(
    _ bytes: ByteBuffer, _ kind: MessageKind, _ notation: Notation
  ) -> (ByteBuffer, attachments: [ByteBuffer]) {
    var elements = ByteBuffer()
    switch (notation, kind) {
    case (.json, .text):
      elements.writeStaticString(#""message","#)
      JSONText.write(utf8: bytes.readableBytesSpan, into: &elements)
    case (.json, .binary):
      elements.writeStaticString(#""message",{"_placeholder":true,"num":0}"#)
      return (elements, [bytes])
    case (.messagePack, .text):
      MessagePackWriter.string("message", into: &elements)
      MessagePackWriter.string(utf8: bytes.readableBytesSpan, into: &elements)
    case (.messagePack, .binary):
      MessagePackWriter.string("message", into: &elements)
      MessagePackWriter.binary(bytes.readableBytesSpan, into: &elements)
    }
    return (elements, [])
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

extension ByteBuffer {
  /// Appends bytes that are looked at.
  mutating func write(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { bytes in _ = unsafe writeBytes(bytes) }
  }
}
