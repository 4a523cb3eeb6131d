/// How a client's connection ended, as the client saw it.
public enum TestEnding: Sendable, Equatable {
  /// The server said so in the protocol: by a close packet of Engine.IO, or by a WebSocket's close frame with this code
  /// (1005 when it had none) and reason.
  case closed(code: UInt16?, reason: String)
  /// The server ended the connection without a word.
  case ended
  /// The server answered a request of long polling with this status.
  case refused(status: Int)
  /// The client itself did it.
  case cut
}
