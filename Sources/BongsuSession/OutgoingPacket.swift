public import BongsuEngineIO
public import NIOCore

/// One Engine.IO packet on its way to a client, independent of the transport.
public enum OutgoingPacket: Sendable, Equatable {
  /// With its type digit.
  case text(ByteBuffer)
  /// A message of raw bytes.
  case binary(ByteBuffer)

  /// As it stands in a frame of its own.
  public var byteCount: Int {
    switch self {
    case .text(let bytes), .binary(let bytes): bytes.readableBytes
    }
  }

  /// The bytes of memory that the packet takes while it waits for a poll: more than its own, when they are few.
  public var cost: Int { byteCount + 128 }

  /// A ping without data.
  public static var ping: OutgoingPacket { type(.ping) }

  static func type(_ type: EnginePacketType) -> OutgoingPacket {
    var bytes = ByteBufferAllocator().buffer(capacity: 1)
    bytes.writeInteger(type.rawValue)
    return .text(bytes)
  }
}

extension [OutgoingPacket] {
  /// The body of a poll's answer (Engine.IO 4 and 3, HTTP long-polling).
  public func payload(_ dialect: EngineDialect) -> (bytes: ByteBuffer, isBinary: Bool) {
    var body = ByteBufferAllocator().buffer(capacity: reduce(0) { $0 + $1.byteCount + 1 })
    // A body of bytes is only for what needs it (Engine.IO 3, Payload).
    let isBinary = dialect == .version3 && contains { if case .binary = $0 { true } else { false } }
    for packet in self {
      switch (packet, dialect) {
      case (.text(let bytes), .version4): PayloadWriter.append(packet: bytes.readableBytesSpan, to: &body)
      case (.binary(let bytes), .version4): PayloadWriter.append(binary: bytes.readableBytesSpan, to: &body)
      case (.text(let bytes), _) where isBinary:
        PayloadWriter.Binary.append(packet: bytes.readableBytesSpan, to: &body)
      case (.binary(let bytes), _) where isBinary:
        PayloadWriter.Binary.append(binary: bytes.readableBytesSpan, to: &body)
      case (.text(let bytes), _): PayloadWriter.Counted.append(packet: bytes.readableBytesSpan, to: &body)
      case (.binary(let bytes), _): PayloadWriter.Counted.append(binary: bytes.readableBytesSpan, to: &body)
      }
    }
    return (body, isBinary)
  }
}
