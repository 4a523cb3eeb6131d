/// Status codes of close frames (RFC 6455 §7.4.1 and the IANA registry).
public enum WebSocketCloseCode {
  public static var normal: UInt16 { 1000 }
  public static var goingAway: UInt16 { 1001 }
  public static var protocolError: UInt16 { 1002 }
  public static var unsupportedData: UInt16 { 1003 }
  public static var invalidPayload: UInt16 { 1007 }
  public static var policyViolation: UInt16 { 1008 }
  public static var messageTooBig: UInt16 { 1009 }
  public static var internalError: UInt16 { 1011 }
  public static var serviceRestart: UInt16 { 1012 }
  public static var tryAgainLater: UInt16 { 1013 }

  /// Whether `code` may stand in a close frame: registered, or left to libraries (3000…) and applications (4000…).
  /// 1004 has no meaning; 1005, 1006 and 1015 only describe locally how a connection ended.
  public static func isPermitted(_ code: UInt16) -> Bool {
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
