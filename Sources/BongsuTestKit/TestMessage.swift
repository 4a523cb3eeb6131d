/// A text or bytes: a message of a WebSocket, or a packet of Engine.IO.
public enum TestMessage: Sendable, Equatable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// Text. As a packet of Engine.IO it begins with its type: `"4hello"`, `"3"`.
  case text(String)
  /// Bytes. As a packet of Engine.IO: a binary message, whatever the transport.
  case binary([UInt8])

  /// Text.
  public init(stringLiteral text: String) { self = .text(text) }

  /// As a test would write it.
  public var description: String {
    switch self {
    case .text(let text): "\"\(text)\""
    case .binary(let bytes): "\(bytes)"
    }
  }
}
