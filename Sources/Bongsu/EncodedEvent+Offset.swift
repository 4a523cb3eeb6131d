internal import BongsuMessagePack
internal import BongsuSocketIO
internal import NIOCore

// The offset of connection state recovery, the last argument of an event.
extension EncodedEvent {
  /// The same event with one argument more. Throws what a parser of the server's owner throws.
  func appending(_ offset: String, namespace: String, parser: Parser) throws -> EncodedEvent {
    let (elements, count, attachments) = parts
    var longer = ByteBufferAllocator().buffer(capacity: elements.readableBytes + offset.utf8.count + 3)
    longer.writeImmutableBuffer(elements)
    switch parser.notation {
    case .json:
      longer.writeStaticString(",\"")
      longer.writeString(offset)
      longer.writeStaticString("\"")
    case .messagePack: MessagePackWriter.string(offset, into: &longer)
    }
    return try EncodedEvent(
      elements: longer.readableBytesSpan, count: count + 1, attachments: attachments, namespace: namespace, ackID: nil,
      parser: parser)
  }

  /// As plain WebSockets are sent the event that it was before `appending`.
  func plainFrames(without offset: String) -> ByteBuffer {
    let (elements, count, attachments) = parts
    // So short a string has a head of one byte in MessagePack.
    let rest = elements.readableBytes - offset.utf8.count - (notation == .json ? 3 : 1)
    // An event that could not be encoded has no elements.
    guard rest > 0 else { return ByteBuffer() }
    switch notation {
    case .json:
      var json = ByteBufferAllocator().buffer(capacity: elements.readableBytes + 2)
      json.writeStaticString("[")
      json.writeImmutableBuffer(elements.slice(0..<rest))
      json.writeStaticString("]")
      return PlainMessage(json: json, attachments: attachments).frames
    case .messagePack:
      return PlainMessage(packed: elements.slice(0..<rest), count: count - 1)?.frames ?? ByteBuffer()
    }
  }
}
