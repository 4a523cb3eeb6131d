/// How a peer's frames break RFC 6455 or the limits. The connection cannot go on after any of these.
public enum WebSocketError: Error, Equatable, Sendable {
  case reservedBits
  case reservedOpcode
  case unmaskedFrame
  case nonMinimalLength
  case negativeLength
  case fragmentedControlFrame
  case oversizedControlFrame
  case continuationWithoutMessage
  case messageInsideMessage
  case messageTooLarge
  case tooManyFragments
  case invalidText
  case truncatedCloseCode
  case invalidCloseCode
  case invalidCloseReason
  /// A compressed message is not deflate data (RFC 7692 §7.2.2).
  case invalidCompression
  /// There is no memory to inflate a message.
  case outOfMemory
}

extension WebSocketError {
  /// The status to close the connection with (RFC 6455 §7.4.1).
  public var closeCode: UInt16 { answer.code }
  /// A few words for the close frame.
  public var reason: String { answer.reason }

  private var answer: (code: UInt16, reason: String) {
    switch self {
    case .reservedBits: (WebSocketCloseCode.protocolError, "reserved bits are set")
    case .reservedOpcode: (WebSocketCloseCode.protocolError, "reserved opcode")
    case .unmaskedFrame: (WebSocketCloseCode.protocolError, "frame is not masked")
    case .nonMinimalLength: (WebSocketCloseCode.protocolError, "length is not minimally encoded")
    case .negativeLength: (WebSocketCloseCode.protocolError, "top bit of the length is set")
    case .fragmentedControlFrame: (WebSocketCloseCode.protocolError, "fragmented control frame")
    case .oversizedControlFrame: (WebSocketCloseCode.protocolError, "control frame over 125 bytes")
    case .continuationWithoutMessage: (WebSocketCloseCode.protocolError, "nothing to continue")
    case .messageInsideMessage: (WebSocketCloseCode.protocolError, "message inside a fragmented message")
    case .messageTooLarge: (WebSocketCloseCode.messageTooBig, "message too large")
    case .tooManyFragments: (WebSocketCloseCode.policyViolation, "too many fragments")
    case .invalidText: (WebSocketCloseCode.invalidPayload, "text is not UTF-8")
    case .truncatedCloseCode: (WebSocketCloseCode.protocolError, "close code of one byte")
    case .invalidCloseCode: (WebSocketCloseCode.protocolError, "invalid close code")
    case .invalidCloseReason: (WebSocketCloseCode.invalidPayload, "close reason is not UTF-8")
    case .invalidCompression: (WebSocketCloseCode.invalidPayload, "message cannot be inflated")
    case .outOfMemory: (WebSocketCloseCode.internalError, "out of memory")
    }
  }
}
