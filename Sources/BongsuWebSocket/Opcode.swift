/// What a frame carries (RFC 6455 §5.2). Values not named here are reserved, and a frame that has one is an error.
public enum Opcode: UInt8, Sendable {
  case continuation = 0x0
  case text = 0x1
  case binary = 0x2
  case close = 0x8
  case ping = 0x9
  case pong = 0xA

  /// Control frames have the opcode's top bit set, carry at most 125 bytes and may come between fragments (§5.5).
  public var isControl: Bool { rawValue & 0x8 != 0 }

  /// The kind of message that a frame begins; nil for a continuation or a control frame.
  var messageKind: MessageKind? {
    switch self {
    case .text: .text
    case .binary: .binary
    default: nil
    }
  }
}

/// The kind of a message, that is, of one or more data frames put together (RFC 6455 §5.6).
public enum MessageKind: Sendable {
  case text, binary

  public var opcode: Opcode { self == .text ? .text : .binary }
}
