/// Why a request does not become a WebSocket.
public enum WebSocketHandshakeError: Error, Equatable, Sendable {
  case method
  case httpVersion
  case upgrade
  case connection
  case key
  case missingVersion
  case unsupportedVersion
  case subprotocol
  case extensions
}

extension WebSocketHandshakeError {
  /// The HTTP status to answer with.
  public var status: Int { self == .unsupportedVersion ? 426 : 400 }

  /// The header field that has to go with the status: the version that would have been right (RFC 6455 §4.4).
  public var field: (name: String, value: String)? {
    self == .unsupportedVersion ? ("Sec-WebSocket-Version", "13") : nil
  }

  /// A text for the answer's body, in the words that clients of the `ws` package know.
  public var reason: String {
    switch self {
    case .method: "Invalid HTTP method"
    case .httpVersion: "Invalid HTTP version"
    case .upgrade: "Invalid Upgrade header"
    case .connection: "Invalid Connection header"
    case .key: "Missing or invalid Sec-WebSocket-Key header"
    case .missingVersion, .unsupportedVersion: "Missing or invalid Sec-WebSocket-Version header"
    case .subprotocol: "Invalid Sec-WebSocket-Protocol header"
    case .extensions: "Invalid or unacceptable Sec-WebSocket-Extensions header"
    }
  }
}
