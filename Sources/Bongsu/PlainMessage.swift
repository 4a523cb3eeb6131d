internal import BongsuMessagePack
internal import BongsuSession
internal import BongsuSocketIO
internal import BongsuWebSocket
internal import NIOCore

/// An event as plain WebSockets are sent it (see ``Message``).
enum PlainMessage {
  /// An event `message` with one string or one binary argument.
  case content(ByteBuffer, MessageKind)
  /// Any other.
  case event(json: ByteBuffer, attachments: [ByteBuffer])

  /// - Parameter json: an event's array.
  init(json: ByteBuffer, attachments: [ByteBuffer]) {
    self = Self.content(json, attachments) ?? .event(json: json, attachments: attachments)
  }

  private static func content(_ json: ByteBuffer, _ attachments: [ByteBuffer]) -> PlainMessage? {
    // The array of an event looks like a packet behind its type digit.
    var packet = ByteBuffer(string: attachments.isEmpty ? "2" : "5\(attachments.count)-")
    packet.write(json.readableBytesSpan)
    let text = packet.readableBytesSpan
    guard let head = try? PacketHead(parsing: text, maximumAttachments: .max),
      case .event(let event)? = try? PacketBody(parsing: text, head: head), event.name.text(in: text) == "message",
      event.arguments.count == 1, let argument = event.arguments.argument(0),
      let value = JSONValue(in: text, at: argument)
    else { return nil }
    if let contents = value.contents, attachments.isEmpty {
      var plain = ByteBuffer()
      JSONText.unescape(text, contents, into: &plain)
      return .content(plain, .text)
    }
    guard attachments.count == 1, value.placeholder(in: text) == 0 else { return nil }
    return .content(attachments[0], .binary)
  }

  /// Each becomes a message of its own, so a megabyte of empty ones would become very much more.
  private static var maximumAttachments: Int { 1000 }

  /// - Parameter packed: an event's elements; nil if they are not so many valid ones.
  init?(packed: ByteBuffer, count: Int) {
    let bytes = packed.readableBytesSpan
    do throws(MessagePackError) {
      if count == 2, let content = try Self.content(packed) {
        self = content
        return
      }
      var reader = MessagePackReader()
      var transcoder = JSONTranscoder(.attachments, maximumAttachments: Self.maximumAttachments)
      try transcoder.append(count, from: &reader, in: bytes)
      var json = ByteBufferAllocator().buffer(capacity: transcoder.json.readableBytes + 2)
      json.writeStaticString("[")
      json.writeImmutableBuffer(transcoder.json)
      json.writeStaticString("]")
      self = .event(json: json, attachments: transcoder.attachments)
    } catch { return nil }
  }

  private static func content(_ packed: ByteBuffer) throws(MessagePackError) -> PlainMessage? {
    let bytes = packed.readableBytesSpan
    var reader = MessagePackReader()
    guard case .string(let name) = try reader.next(in: bytes), bytes.string(name) == "message" else { return nil }
    switch try reader.next(in: bytes) {
    case .string(let range): return .content(packed.slice(range), .text)
    case .binary(let range): return .content(packed.slice(range), .binary)
    default: return nil
    }
  }

  var frames: ByteBuffer {
    switch self {
    case .content(let bytes, let kind):
      return WebSocketEncoder.frame(kind == .text ? .text : .binary, bytes.readableBytesSpan)
    case .event(let json, let attachments):
      var frames = WebSocketEncoder.frame(.text, json.readableBytesSpan)
      for attachment in attachments { WebSocketEncoder.append(.binary, attachment.readableBytesSpan, to: &frames) }
      return frames
    }
  }
}
