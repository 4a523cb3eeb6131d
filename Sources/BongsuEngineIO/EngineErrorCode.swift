public import NIOCore

/// Why a request for a session is refused; the raw value is the `code` that clients see.
public enum EngineErrorCode: Int, Sendable, CaseIterable {
  case transportUnknown = 0
  case sessionUnknown = 1
  case badHandshakeMethod = 2
  case badRequest = 3
  case forbidden = 4
  case unsupportedProtocolVersion = 5

  /// The text that belongs to the code; also the whole body when a WebSocket handshake is refused.
  public var message: String {
    switch self {
    case .transportUnknown: "Transport unknown"
    case .sessionUnknown: "Session ID unknown"
    case .badHandshakeMethod: "Bad handshake method"
    case .badRequest: "Bad request"
    case .forbidden: "Forbidden"
    case .unsupportedProtocolVersion: "Unsupported protocol version"
    }
  }

  /// The HTTP status of the refusal.
  public var status: Int {
    self == .forbidden ? 403 : 400
  }

  /// The body of the refusal, `{"code":1,"message":"Session ID unknown"}`, with `override` in place of the
  /// code's own text if there is one.
  public func json(message override: String? = nil) -> ByteBuffer {
    let message = override ?? self.message
    var body = ByteBufferAllocator().buffer(capacity: message.utf8.count + 32)
    body.writeString(#"{"code":\#(rawValue),"message":"#)
    body.writeJSONString(message)
    body.writeString("}")
    return body
  }
}
