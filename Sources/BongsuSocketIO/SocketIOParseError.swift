/// Why a packet cannot be understood. Any of these ends the connection it came on.
public enum SocketIOParseError: Error, Equatable, Sendable {
  /// The message is empty.
  case emptyPacket
  /// The first byte is not a digit from 0 to 6.
  case unknownPacketType(UInt8)
  /// A binary packet does not start with digits and a hyphen.
  case illegalAttachmentCount
  /// A binary packet announces more attachments than are allowed.
  case tooManyAttachments
  /// The payload is not JSON, nested too deeply, or of the wrong shape for the packet's type.
  case invalidPayload
  /// A placeholder stands for an attachment that the packet does not have.
  case illegalPlaceholder
  /// A text message came where an attachment was due.
  case textWhileReconstructing
  /// A binary message came where no attachment was due.
  case binaryWithoutPacket
  /// An attachment did not come in time.
  case missingAttachment
  /// A packet in MessagePack has no type, or one that does not exist.
  case invalidPacketType
  /// A packet in MessagePack has no namespace, or one that is no string.
  case invalidNamespace
  /// A packet in MessagePack has an id that is no whole number from zero on.
  case invalidPacketID
  /// A text message came where all messages are MessagePack.
  case textInsteadOfMessagePack

  /// The reference's words for it.
  public var text: String {
    switch self {
    case .emptyPacket: "Unknown type: undefined"
    case .unknownPacketType(let byte) where (0x21..<0x7F).contains(byte):
      "unknown packet type \(Character(Unicode.Scalar(byte)))"
    case .unknownPacketType(let byte): "unknown packet type 0x\(String(byte, radix: 16))"
    case .illegalAttachmentCount: "Illegal attachments"
    case .tooManyAttachments: "too many attachments"
    case .invalidPayload: "invalid payload"
    case .illegalPlaceholder: "illegal attachments"
    case .textWhileReconstructing: "got plaintext data when reconstructing a packet"
    case .binaryWithoutPacket: "got binary data when not reconstructing a packet"
    case .missingAttachment: "got no binary data in time when reconstructing a packet"
    case .invalidPacketType: "invalid packet type"
    case .invalidNamespace: "invalid namespace"
    case .invalidPacketID: "invalid packet id"
    case .textInsteadOfMessagePack: "Could not parse"
    }
  }
}
