internal import BongsuBytes
public import NIOCore

// Engine.IO 3, Encoding: each packet has its length in front. Packets of text start with their type digit and are valid
// UTF-8.
extension PayloadWriter {
  /// Appends packets to a body of text.
  public enum Counted {
    /// Appends a packet of text.
    public static func append(packet: RawSpan, to body: inout ByteBuffer) {
      body.writeString("\(packet.utf16Count):")
      body.writeBytes(packet)
    }

    /// Appends a binary message as base64.
    public static func append(binary bytes: RawSpan, to body: inout ByteBuffer) {
      body.writeString("\(2 + Base64.encodedCount(of: bytes.byteCount)):")
      Version3.append(base64: bytes, to: &body)
    }
  }

  /// Appends packets to a body of bytes.
  public enum Binary {
    /// Appends a packet of text.
    public static func append(packet: RawSpan, to body: inout ByteBuffer) {
      writeHead(kind: 0, length: packet.byteCount, to: &body)
      body.writeBytes(packet)
    }

    /// Appends a binary message.
    public static func append(binary bytes: RawSpan, to body: inout ByteBuffer) {
      writeHead(kind: 1, length: bytes.byteCount + 1, to: &body)
      Version3.append(bytes: bytes, to: &body)
    }

    private static func writeHead(kind: UInt8, length: Int, to body: inout ByteBuffer) {
      body.writeInteger(kind)
      for digit in String(length).utf8 { body.writeInteger(digit &- UInt8(ascii: "0")) }
      body.writeInteger(0xFF as UInt8)
    }
  }

  /// Binary messages with their type in front, as WebSockets and bodies carry them.
  public enum Version3 {
    /// Appends `b4` and base64, for a client that takes text alone.
    public static func append(base64 bytes: RawSpan, to output: inout ByteBuffer) {
      output.writeInteger(binaryMarker)
      output.writeInteger(EnginePacketType.message.rawValue)
      Base64.encode(bytes, into: &output)
    }

    /// Appends the byte 4 and the message's bytes.
    public static func append(bytes: RawSpan, to output: inout ByteBuffer) {
      output.writeInteger(EnginePacketType.message.number)
      output.writeBytes(bytes)
    }
  }
}
