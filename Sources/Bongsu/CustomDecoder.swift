internal import BongsuEngineIO
internal import BongsuMessagePack
internal import BongsuSession
internal import NIOCore

/// One connection's reader in a format that the server does not know. Inside, its packets go on as MessagePack.
final class CustomDecoder {
  private var decoder: any PacketDecoder

  /// Nil for the formats that the server knows.
  init?(_ parser: Parser) {
    guard case .custom(let custom) = parser else { return nil }
    decoder = custom.makeDecoder()
  }

  func packets(in message: PacketMessage) throws -> [ByteBuffer] {
    try decoder.received(message).map { try $0.packed }
  }
}

extension ParserPacket {
  /// As socket.io-msgpack-parser writes it.
  var packed: ByteBuffer {
    get throws(MessagePackError) {
      var members: [PacketValue.Member] = [.init("type", .integer(Int64(kind.rawValue)))]
      if let data { members.append(.init("data", data)) }
      members.append(.init("nsp", .string(namespace)))
      if let id { members.append(.init("id", id.messagePack)) }
      var output = ByteBuffer()
      // The packet itself is no nesting of the client's.
      try PacketValue.map(members).write(into: &output, depth: MessagePackReader.maximumDepth + 1)
      return output
    }
  }

  /// - Parameter packed: a packet of this server's own making.
  init(packed: RawSpan) throws(MessagePackError) {
    var reader = MessagePackReader()
    let map = try PacketValue(&reader, in: packed, depth: MessagePackReader.maximumDepth + 1)
    guard case .integer(let type)? = map["type"], let kind = UInt8(exactly: type).flatMap({ Kind(rawValue: $0) }),
      case .string(let namespace)? = map["nsp"]
    else { throw .truncated }
    self.init(kind, namespace: namespace, data: map["data"], id: map["id"].flatMap { UInt64(messagePack: $0) })
  }

  /// As a parser of the server's owner writes it.
  static func encoded(packed: RawSpan, by parser: any PacketParser) throws -> [OutgoingPacket] {
    try parser.encode(ParserPacket(packed: packed)).map { message in
      switch message {
      case .binary(let bytes): return .binary(bytes)
      case .text(let bytes):
        var packet = ByteBufferAllocator().buffer(capacity: bytes.readableBytes + 1)
        packet.writeInteger(EnginePacketType.message.rawValue)
        packet.writeImmutableBuffer(bytes)
        return .text(packet)
      }
    }
  }
}
