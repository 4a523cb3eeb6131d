internal import BongsuBytes
public import NIOCore

extension PacketEncoder {
  /// An event: `2["name",…]`.
  /// - Parameters:
  ///   - arguments: one JSON text each.
  ///   - ackID: the id of the answer that is asked for, or nil.
  ///   - attachments: how many binary messages follow.
  public static func event(
    _ name: String, arguments: [ByteBuffer], namespace: String = "/", ackID: UInt64? = nil, attachments: Int = 0,
    framing: PacketFraming = .engineMessage, into output: inout ByteBuffer
  ) {
    let prefix = PacketPrefix(
      attachments > 0 ? .binaryEvent : .event, namespace: namespace, ackID: ackID.map(AckID.init),
      attachments: attachments, framing: framing)
    write(prefix, name: name, arguments: arguments, into: &output)
  }

  /// An event whose name and arguments are JSON already.
  /// - Parameter elements: what stands between the brackets, such as ``ArgumentList/text(from:)`` of another packet.
  public static func event(
    elements: RawSpan, namespace: String = "/", ackID: UInt64? = nil, attachments: Int = 0,
    framing: PacketFraming = .engineMessage, into output: inout ByteBuffer
  ) {
    let prefix = PacketPrefix(
      attachments > 0 ? .binaryEvent : .event, namespace: namespace, ackID: ackID.map(AckID.init),
      attachments: attachments, framing: framing)
    write(prefix, elements: elements, into: &output)
  }

  /// An answer to a client's event: `3<id>[…]`.
  /// - Parameter arguments: one JSON text each.
  public static func ack(
    _ id: AckID, arguments: [ByteBuffer], namespace: String = "/", attachments: Int = 0,
    framing: PacketFraming = .engineMessage, into output: inout ByteBuffer
  ) {
    let prefix = PacketPrefix(
      attachments > 0 ? .binaryAck : .ack, namespace: namespace, ackID: id, attachments: attachments,
      framing: framing)
    write(prefix, name: nil, arguments: arguments, into: &output)
  }

  /// An answer whose arguments are JSON already.
  /// - Parameter elements: what stands between the brackets; may be empty.
  public static func ack(
    _ id: AckID, elements: RawSpan, namespace: String = "/", attachments: Int = 0,
    framing: PacketFraming = .engineMessage, into output: inout ByteBuffer
  ) {
    let prefix = PacketPrefix(
      attachments > 0 ? .binaryAck : .ack, namespace: namespace, ackID: id, attachments: attachments,
      framing: framing)
    write(prefix, elements: elements, into: &output)
  }

  private static func write(_ prefix: PacketPrefix, elements: RawSpan, into output: inout ByteBuffer) {
    let count = prefix.count + elements.byteCount + 2
    output.writeWithOutputRawSpan(minimumWritableBytes: count) { output in
      prefix.append(to: &output)
      output.append(UInt8(ascii: "["))
      output.append(contentsOf: elements)
      output.append(UInt8(ascii: "]"))
    }
  }

  /// - Parameter name: the first element if there is one, not yet JSON.
  private static func write(
    _ prefix: PacketPrefix, name: String?, arguments: [ByteBuffer], into output: inout ByteBuffer
  ) {
    // A UInt8 has no padding that its bytes could show.
    let nameCount = name.map { unsafe JSONText.encodedCount(utf8: $0.utf8.span.bytes) } ?? 0
    // With each argument there may be a comma.
    let count = arguments.reduce(prefix.count + nameCount + 2) { $0 + $1.readableBytes + 1 }
    output.writeWithOutputRawSpan(minimumWritableBytes: count) { output in
      prefix.append(to: &output)
      output.append(UInt8(ascii: "["))
      if let name { unsafe JSONText.append(utf8: name.utf8.span.bytes, to: &output) }
      for (index, argument) in arguments.enumerated() {
        if index > 0 || name != nil { output.append(UInt8(ascii: ",")) }
        output.append(contentsOf: argument.readableBytesSpan)
      }
      output.append(UInt8(ascii: "]"))
    }
  }
}
