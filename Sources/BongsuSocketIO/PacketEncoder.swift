public import NIOCore

/// Appends the text of packets to a buffer.
///
/// JSON is written as it is given: whoever has encoded or validated it answers for it. Attachments follow the packet
/// as binary messages of their own; a packet that has some becomes a binary one by itself.
public enum PacketEncoder {
  /// The answer to a client that has joined a namespace: `0{"sid":"…"}`.
  public static func connect(
    sid: String, pid: String? = nil, namespace: String = "/", framing: PacketFraming = .engineMessage,
    into output: inout ByteBuffer
  ) {
    writeHead(.connect, namespace: namespace, framing: framing, into: &output)
    output.writeStaticString(#"{"sid":"#)
    JSONText.write(sid, into: &output)
    if let pid {
      output.writeStaticString(#","pid":"#)
      JSONText.write(pid, into: &output)
    }
    output.writeStaticString("}")
  }

  /// The answer to a client that may not join: `4{"message":"…","data":…}`.
  /// - Parameter data: JSON, or nil to leave the member out.
  public static func connectError(
    message: String, data: ByteBuffer? = nil, namespace: String = "/", framing: PacketFraming = .engineMessage,
    into output: inout ByteBuffer
  ) {
    writeHead(.connectError, namespace: namespace, framing: framing, into: &output)
    output.writeStaticString(#"{"message":"#)
    JSONText.write(message, into: &output)
    if let data {
      output.writeStaticString(#","data":"#)
      output.writeImmutableBuffer(data)
    }
    output.writeStaticString("}")
  }

  /// The end of a namespace for this client: `1`.
  public static func disconnect(
    namespace: String = "/", framing: PacketFraming = .engineMessage, into output: inout ByteBuffer
  ) {
    writeHead(.disconnect, namespace: namespace, framing: framing, into: &output)
  }

  /// Everything in front of the payload.
  public static func writeHead(
    _ type: PacketType, namespace: String = "/", ackID: AckID? = nil, attachments: Int = 0,
    framing: PacketFraming = .engineMessage, into output: inout ByteBuffer
  ) {
    let prefix = PacketPrefix(type, namespace: namespace, ackID: ackID, attachments: attachments, framing: framing)
    output.writeWithOutputRawSpan(minimumWritableBytes: prefix.count) { prefix.append(to: &$0) }
  }
}
