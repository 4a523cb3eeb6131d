/// A packet's payload, checked against JSON's grammar and the shape that the packet's type asks for
/// (Socket.IO 5, Packet types), without being copied or turned into values.
public enum PacketBody: Sendable {
  /// What the client wants to be authenticated by: an object, or nil.
  case connect(auth: Range<Int>?)
  case disconnect
  case event(EventPayload)
  case ack(ArgumentList)
  /// An object or a string, or nil. No client may send it; that is for the session to say.
  case connectError(Range<Int>?)

  /// Checks the payload of `text`, whose head is `head`. The text is valid UTF-8.
  public init(
    parsing text: RawSpan, head: PacketHead, limits: JSONLimits = JSONLimits()
  ) throws(SocketIOParseError) {
    guard let payload = head.payload else {
      self = Self.withoutPayload(head.type)
      return
    }
    // Ranges of arguments are kept in four bytes each.
    guard text.byteCount <= Int(UInt32.max) else { throw .invalidPayload }
    var parser = PayloadParser(payload: payload, head: head, limits: limits)
    switch head.type {
    case .connect: self = .connect(auth: try parser.readValue(in: text, mayBeString: false))
    case .disconnect: throw .invalidPayload
    case .event, .binaryEvent: self = .event(try parser.readEvent(in: text))
    case .ack, .binaryAck: self = .ack(try parser.readArguments(in: text))
    case .connectError: self = .connectError(try parser.readValue(in: text, mayBeString: true))
    }
  }

  private static func withoutPayload(_ type: PacketType) -> PacketBody {
    switch type {
    case .connect: .connect(auth: nil)
    case .disconnect: .disconnect
    case .event, .binaryEvent: .event(EventPayload(name: .absent, arguments: ArgumentList()))
    case .ack, .binaryAck: .ack(ArgumentList())
    case .connectError: .connectError(nil)
    }
  }
}
