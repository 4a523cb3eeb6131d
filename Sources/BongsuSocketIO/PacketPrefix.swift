internal import BongsuBytes

/// Everything in front of a packet's payload, to be written (Socket.IO 5, Packet encoding).
struct PacketPrefix {
  var type: PacketType
  var namespace: String
  var ackID: AckID?
  var attachments = 0
  var framing: PacketFraming

  /// The bytes that `append(to:)` may take.
  var maximumCount: Int {
    // The Engine.IO digit, the type, 20 digits and a hyphen, and the comma behind the namespace.
    24 + namespace.utf8.count + AckID.maximumCount
  }

  func append(to output: inout OutputRawSpan) {
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
