internal import BongsuBytes

/// Everything in front of a packet's payload, to be written (Socket.IO 5, Packet encoding).
public struct PacketPrefix {
  private let type: PacketType
  private let namespace: String
  private let ackID: AckID?
  private let attachments: Int
  private let framing: PacketFraming
  /// The bytes that ``append(to:)`` writes.
  public let count: Int

  /// - Parameter attachments: how many binary messages follow; only a binary type has some.
  public init(
    _ type: PacketType, namespace: String, ackID: AckID?, attachments: Int = 0, framing: PacketFraming = .engineMessage
  ) {
    self.type = type
    self.namespace = namespace
    self.ackID = ackID
    self.attachments = attachments
    self.framing = framing
    var count = framing == .engineMessage ? 2 : 1
    if type.isBinary { count += OutputRawSpan.digitCount(of: UInt64(clamping: attachments)) + 1 }
    if namespace != "/" { count += namespace.utf8.count + 1 }
    if let ackID { count += ackID.digitCount }
    self.count = count
  }

  /// Writes it.
  ///
  /// - Precondition: `output` has room for ``count`` bytes.
  public func append(to output: inout OutputRawSpan) {
    if framing == .engineMessage { output.append(UInt8(ascii: "4")) }
    output.append(type.rawValue)
    if type.isBinary {
      output.append(decimal: UInt64(clamping: attachments))
      output.append(UInt8(ascii: "-"))
    }
    if namespace != "/" {
      // A UInt8 has no padding that its bytes could show.
      unsafe output.append(contentsOf: namespace.utf8.span.bytes)
      output.append(UInt8(ascii: ","))
    }
    ackID?.append(to: &output)
  }
}
