internal import BongsuSession
internal import NIOCore

/// A message of Engine.IO.
public enum EngineMessage: Sendable, Equatable, ExpressibleByStringLiteral {
  /// Text.
  case text(String)
  /// Bytes.
  case binary([UInt8])

  /// A message of text.
  public init(stringLiteral text: String) { self = .text(text) }

  var packet: OutgoingPacket {
    switch self {
    case .text(let text): .text(ByteBuffer(string: "4" + text))
    case .binary(let bytes): .binary(ByteBuffer(bytes: bytes))
    }
  }
}
