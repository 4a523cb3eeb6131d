internal import BongsuBytes
public import NIOCore

/// Appends packets to a long-polling body (Engine.IO 4, Payload encoding).
///
/// `body` holds nothing but packets: whatever is readable in it gets a separator put behind.
public enum PayloadWriter {
  /// Stands between two packets.
  public static let separator: UInt8 = 0x1E
  /// Stands in front of a binary message's base64.
  public static let binaryMarker = UInt8(ascii: "b")

  /// Appends a packet of this type, with its data as it stands.
  public static func append(_ type: EnginePacketType, _ data: RawSpan, to body: inout ByteBuffer) {
    separate(&body, for: data.byteCount + 1)
    body.writeInteger(type.rawValue)
    body.writeBytes(data)
  }

  /// Appends a packet without data.
  public static func append(_ type: EnginePacketType, to body: inout ByteBuffer) {
    separate(&body, for: 1)
    body.writeInteger(type.rawValue)
  }

  /// Appends a packet that starts with its type digit already.
  public static func append(packet: RawSpan, to body: inout ByteBuffer) {
    separate(&body, for: packet.byteCount)
    body.writeBytes(packet)
  }

  /// Appends a binary message: `b` and base64.
  public static func append(binary bytes: RawSpan, to body: inout ByteBuffer) {
    separate(&body, for: 1 + Base64.encodedCount(of: bytes.byteCount))
    body.writeInteger(binaryMarker)
    Base64.encode(bytes, into: &body)
  }

  /// Makes room for a packet and puts the separator in front of it, unless it is the first.
  private static func separate(_ body: inout ByteBuffer, for count: Int) {
    body.reserveCapacity(minimumWritableBytes: count + 1)
    if body.readableBytes > 0 { body.writeInteger(separator) }
  }
}
