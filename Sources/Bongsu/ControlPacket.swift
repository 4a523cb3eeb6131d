internal import BongsuMessagePack
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

/// What the server says to a client about a namespace.
enum ControlPacket {
  case connect(sid: String, pid: String? = nil)
  /// To a client of Socket.IO 2, which knows its id and speaks the default parser.
  case connectLegacy
  /// The data are JSON.
  case connectError(message: String, data: ByteBuffer? = nil)
  case disconnect

  /// Throws what a parser of the server's owner throws.
  func encoded(namespace: String, parser: Parser) throws -> [OutgoingPacket] {
    var packet = ByteBufferAllocator().buffer(capacity: 64)
    switch parser {
    case .default:
      write(namespace, into: &packet)
      return [.text(packet)]
    case .msgpack:
      pack(namespace, into: &packet)
      return [.binary(packet)]
    case .custom(let custom):
      pack(namespace, into: &packet)
      return try ParserPacket.encoded(packed: packet.readableBytesSpan, by: custom)
    }
  }

  private func write(_ namespace: String, into packet: inout ByteBuffer) {
    switch self {
    case .connectLegacy: PacketEncoder.writeHead(.connect, namespace: namespace, into: &packet)
    case .connect(let sid, let pid): PacketEncoder.connect(sid: sid, pid: pid, namespace: namespace, into: &packet)
    case .connectError(let message, let data):
      PacketEncoder.connectError(message: message, data: data, namespace: namespace, into: &packet)
    case .disconnect: PacketEncoder.disconnect(namespace: namespace, into: &packet)
    }
  }

  private func pack(_ namespace: String, into packet: inout ByteBuffer) {
    switch self {
    case .connectLegacy: break
    case .connect(let sid, let pid):
      PackedPacketEncoder.connect(sid: sid, pid: pid, namespace: namespace, into: &packet)
    case .connectError(let message, let data):
      PackedPacketEncoder.connectError(
        message: message, data: data.flatMap(Self.packed), namespace: namespace, into: &packet)
    case .disconnect: PackedPacketEncoder.disconnect(namespace: namespace, into: &packet)
    }
  }

  /// Data as MessagePack; nil when they nest too deeply for it: the message is more important.
  private static func packed(_ json: ByteBuffer) -> ByteBuffer? {
    var packed = ByteBuffer()
    do throws(MessagePackError) {
      // The map of the error is around them.
      try MessagePackValue(json: json.readableBytesSpan)?.write(
        into: &packed, depth: MessagePackReader.maximumDepth - 1)
    } catch { return nil }
    return packed.readableBytes > 0 ? packed : nil
  }
}
