public import NIOCore

internal import BongsuEngineIO

/// One Engine.IO packet on its way to a client, independent of the transport.
public enum OutgoingPacket: Sendable, Equatable {
  /// With its type digit.
  case text(ByteBuffer)
  /// A message of raw bytes.
  case binary(ByteBuffer)

  /// What the packet costs while it waits.
  public var byteCount: Int {
    switch self {
    case .text(let bytes), .binary(let bytes): bytes.readableBytes
    }
  }

  static func type(_ type: EnginePacketType) -> OutgoingPacket {
    var bytes = ByteBufferAllocator().buffer(capacity: 1)
    bytes.writeInteger(type.rawValue)
    return .text(bytes)
  }
}

extension [OutgoingPacket] {
  /// The body of a poll's answer (Engine.IO 4, HTTP long-polling).
  func payload() -> ByteBuffer {
    var body = ByteBufferAllocator().buffer(capacity: reduce(0) { $0 + $1.byteCount + 1 })
    for packet in self {
      switch packet {
      case .text(let bytes): PayloadWriter.append(packet: bytes.readableBytesSpan, to: &body)
      case .binary(let bytes): PayloadWriter.append(binary: bytes.readableBytesSpan, to: &body)
      }
    }
    return body
  }
}
