internal import BongsuSocketIO
public import NIOCore

/// All arguments of an event from a handler's position on, as they came: for passing them on without a look.
///
/// `socket.on("message") { (all: Arguments) in socket.emit("message-back", all) }`
public struct Arguments: Sendable {
  /// The arguments' JSON texts, separated by commas.
  public let elements: ByteBuffer
  /// What the placeholders in `elements` stand for.
  public let attachments: [ByteBuffer]
  /// How many there are.
  public let count: Int

  /// The first of them. Throws `DecodingError` when it is not a `Value` or there is none.
  public func first<Value: Decodable>(_ type: Value.Type) throws -> Value {
    var text = ByteBuffer(string: #"2["","#)
    text.writeImmutableBuffer(elements)
    text.writeString("]")
    let span = text.readableBytesSpan
    guard count > 0, let head = try? PacketHead(parsing: span, maximumAttachments: 0),
      case .event(let payload)? = try? PacketBody(parsing: span, head: head)
    else {
      throw DecodingError.valueNotFound(type, .init(codingPath: [], debugDescription: "there is no argument"))
    }
    var decoder = ArgumentDecoder(payload.arguments, attachments: attachments, ack: Ack())
    return try decoder.next(type, in: span)
  }
}

/// So that handlers may declare it and `emit` take it like any argument. Elsewhere it cannot be encoded or decoded.
extension Arguments: Codable {
  public init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "Arguments is an argument of its own, not part of one"))
  }

  public func encode(to encoder: any Encoder) throws {
    throw EncodingError.invalidValue(
      self,
      .init(codingPath: encoder.codingPath, debugDescription: "Arguments is sent alone, not as part of a value"))
  }
}
