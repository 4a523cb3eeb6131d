internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

extension Arguments {
  /// JSON texts separated by commas, which are counted.
  init(_ elements: ByteBuffer, attachments: [ByteBuffer]) {
    self.init(elements, .json, attachments: attachments, count: Self.count(json: elements) ?? 0)
  }

  /// How many arguments are written there; `nil` when something else is.
  static func count(json elements: ByteBuffer) -> Int? { list(parsing: packet(json: elements), .json)?.count }

  /// The first argument alone, if there is one.
  var onlyFirst: Arguments {
    guard count > 1 else { return self }
    let packet = self.packet
    let range = Self.list(parsing: packet, notation)?.argument(0)
    let first = range.map { ByteBuffer(packet.readableBytesSpan.extracting($0)) } ?? ByteBuffer()
    return Arguments(first, notation, attachments: attached, count: 1)
  }

  /// The first argument, if it is a string, and the others.
  func splitName() -> (name: String, rest: Arguments)? {
    let packet = self.packet
    let text = packet.readableBytesSpan
    guard let list = Self.list(parsing: packet, notation),
      let name = ArgumentValue(0, of: list, in: text)?.string(in: text)
    else { return nil }
    let rest = list.text(from: 1).map { ByteBuffer(text.extracting($0)) } ?? ByteBuffer()
    return (name, Arguments(rest, notation, attachments: attached, count: count - 1))
  }

  /// Decodes the arguments, one after the other.
  func decode<Result>(ack: Ack = Ack(), _ body: (inout ArgumentDecoder, RawSpan) throws -> Result) throws -> Result {
    try withList { list, text in
      var decoder = ArgumentDecoder(list, attachments: attached, ack: ack)
      return try body(&decoder, text)
    }
  }

  /// Calls `body` with where the arguments are in a packet, and with the packet.
  func withList<Result>(_ body: (ArgumentList, RawSpan) throws -> Result) throws -> Result {
    let packet = self.packet
    guard let list = Self.list(parsing: packet, notation) else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "these are no arguments"))
    }
    return try body(list, packet.readableBytesSpan)
  }

  /// As the packet of an acknowledgement, whose array may have any elements.
  private var packet: ByteBuffer {
    guard notation == .messagePack else { return Self.packet(json: written) }
    var packet = ByteBuffer()
    PackedPacketEncoder.message(
      .ack, elements: written.readableBytesSpan, count: count, namespace: "/", ackID: nil, into: &packet)
    return packet
  }

  private static func packet(json elements: ByteBuffer) -> ByteBuffer {
    var text = ByteBuffer(string: "3[")
    text.writeImmutableBuffer(elements)
    text.writeString("]")
    return text
  }

  private static func list(parsing packet: ByteBuffer, _ notation: Notation) -> ArgumentList? {
    let bytes = packet.readableBytesSpan
    let body: PacketBody?
    switch notation {
    case .json:
      let head = try? PacketHead(parsing: bytes, maximumAttachments: 0)
      body = head.flatMap { try? PacketBody(parsing: bytes, head: $0, limits: JSONLimits()) }
    case .messagePack: body = try? PackedPacket(parsing: bytes, limits: JSONLimits()).body
    }
    guard case .ack(let list)? = body else { return nil }
    return list
  }
}
