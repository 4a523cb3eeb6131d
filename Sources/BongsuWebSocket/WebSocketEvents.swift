/// What a decoder has found. The views are valid during the call only.
///
/// A handler that returns false has closed the connection: the decoder ends and ignores every further byte.
/// No handler may touch the decoder that calls it.
public protocol WebSocketEvents: AnyObject {
  /// A whole message. Text is valid UTF-8.
  func received(_ message: RawSpan, _ kind: MessageKind) -> Bool
  /// A ping, at most 125 bytes, which wants a pong with the same payload.
  func receivedPing(_ payload: RawSpan) -> Bool
  func receivedPong(_ payload: RawSpan) -> Bool
  /// The peer's close frame, after which nothing is decoded. `code` is nil for an empty one (RFC 6455 §7.1.5);
  /// otherwise it is one that may be sent, and `reason` is valid UTF-8.
  func receivedClose(code: UInt16?, reason: RawSpan)
}
