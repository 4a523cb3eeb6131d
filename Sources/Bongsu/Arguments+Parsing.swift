internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

extension Arguments {
  /// Counts the elements.
  init(_ elements: ByteBuffer, attachments: [ByteBuffer]) {
    let packet = Self.packet(elements)
    self.init(elements: elements, attachments: attachments, count: Self.list(parsing: packet)?.count ?? 0)
  }

  /// The elements of an event's array: its name and its arguments.
  init(array event: EncodedEvent) {
    let json = event.payload
    let elements = json.getSlice(at: json.readerIndex + 1, length: json.readableBytes - 2)
    self.init(elements ?? ByteBuffer(), attachments: event.attachments)
  }

  /// The first argument alone, if there is one.
  var onlyFirst: Arguments {
    guard count > 1 else { return self }
    let packet = self.packet
    let range = Self.list(parsing: packet)?.argument(0)
    let first = range.map { ByteBuffer(packet.readableBytesSpan.extracting($0)) } ?? ByteBuffer()
    return Arguments(elements: first, attachments: attachments, count: 1)
  }

  /// The first argument, if it is a string, and the others.
  func splitName() -> (name: String, rest: Arguments)? {
    let packet = self.packet
    let text = packet.readableBytesSpan
    guard let list = Self.list(parsing: packet), let first = list.argument(0),
      let name = JSONValue(in: text, at: first)?.string(in: text)
    else { return nil }
    let rest = list.text(from: 1).map { ByteBuffer(text.extracting($0)) } ?? ByteBuffer()
    return (name, Arguments(elements: rest, attachments: attachments, count: count - 1))
  }

  /// Decodes the arguments, one after the other.
  func decode<Result>(ack: Ack = Ack(), _ body: (inout ArgumentDecoder, RawSpan) throws -> Result) throws -> Result {
    let packet = self.packet
    guard let list = Self.list(parsing: packet) else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "these are no arguments"))
    }
    var decoder = ArgumentDecoder(list, attachments: attachments, ack: ack)
    return try body(&decoder, packet.readableBytesSpan)
  }

  /// As the packet of an acknowledgement, whose array may have any elements.
  private static func packet(_ elements: ByteBuffer) -> ByteBuffer {
    var text = ByteBuffer(string: "3[")
    text.writeImmutableBuffer(elements)
    text.writeString("]")
    return text
  }

  private var packet: ByteBuffer { Self.packet(elements) }

  private static func list(parsing packet: ByteBuffer) -> ArgumentList? {
    let text = packet.readableBytesSpan
    guard let head = try? PacketHead(parsing: text, maximumAttachments: 0),
      case .ack(let list)? = try? PacketBody(parsing: text, head: head, limits: JSONLimits())
    else { return nil }
    return list
  }
}
