internal import BongsuMessagePack
public import NIOCore

/// Appends packets of socket.io-msgpack-parser to a buffer.
///
/// MessagePack is written as it is given: whoever has encoded or validated it answers for it.
public enum PackedPacketEncoder {
  /// The answer to a client that has joined a namespace.
  public static func connect(sid: String, pid: String? = nil, namespace: String, into output: inout ByteBuffer) {
    write(.connect, namespace: namespace, into: &output) { output in
      MessagePackWriter.mapHead(count: pid == nil ? 1 : 2, into: &output)
      MessagePackWriter.string("sid", into: &output)
      MessagePackWriter.string(sid, into: &output)
      if let pid {
        MessagePackWriter.string("pid", into: &output)
        MessagePackWriter.string(pid, into: &output)
      }
    }
  }

  /// The answer to a client that may not join.
  /// - Parameter data: one MessagePack value, or nil to leave the member out.
  public static func connectError(
    message: String, data: ByteBuffer? = nil, namespace: String, into output: inout ByteBuffer
  ) {
    write(.connectError, namespace: namespace, into: &output) { output in
      MessagePackWriter.mapHead(count: data == nil ? 1 : 2, into: &output)
      MessagePackWriter.string("message", into: &output)
      MessagePackWriter.string(message, into: &output)
      if let data {
        MessagePackWriter.string("data", into: &output)
        output.writeImmutableBuffer(data)
      }
    }
  }

  /// The end of a namespace for this client.
  public static func disconnect(namespace: String, into output: inout ByteBuffer) {
    MessagePackWriter.mapHead(count: 2, into: &output)
    writeType(.disconnect, into: &output)
    writeNamespace(namespace, into: &output)
  }

  /// An event, or the answer to one.
  /// - Parameters:
  ///   - type: `event` or `ack`.
  ///   - elements: so many MessagePack values as `count` says, an event's name first.
  ///   - ackID: the id of the answer that is asked for, or that this is.
  /// - Returns: where in what was written the elements are.
  @discardableResult
  public static func message(
    _ type: PacketType, elements: RawSpan, count: Int, namespace: String, ackID: AckID?, into output: inout ByteBuffer
  ) -> Range<Int> {
    let beginning = output.writerIndex
    var start = 0
    write(type, namespace: namespace, ackID: ackID, into: &output) { output in
      MessagePackWriter.arrayHead(count: count, into: &output)
      start = output.writerIndex - beginning
      output.writeBytes(elements)
    }
    return start..<start + elements.byteCount
  }

  private static func write(
    _ type: PacketType, namespace: String, ackID: AckID? = nil, into output: inout ByteBuffer,
    data: (inout ByteBuffer) -> Void
  ) {
    MessagePackWriter.mapHead(count: ackID == nil ? 3 : 4, into: &output)
    writeType(type, into: &output)
    MessagePackWriter.string("data", into: &output)
    data(&output)
    writeNamespace(namespace, into: &output)
    guard let ackID else { return }
    MessagePackWriter.string("id", into: &output)
    ackID.write(packed: &output)
  }

  private static func writeType(_ type: PacketType, into output: inout ByteBuffer) {
    MessagePackWriter.string("type", into: &output)
    MessagePackWriter.unsigned(UInt64(type.rawValue - PacketType.connect.rawValue), into: &output)
  }

  private static func writeNamespace(_ namespace: String, into output: inout ByteBuffer) {
    MessagePackWriter.string("nsp", into: &output)
    MessagePackWriter.string(namespace, into: &output)
  }
}
