/// A request for a session, or of one, that was refused: what ``EngineOptions/onConnectionError`` hears.
public struct ConnectionError: Error, Sendable {
  /// The reasons that the protocol knows, with the numbers that clients are told.
  public enum Code: Int, Sendable {
    case unknownTransport = 0
    case unknownSid = 1
    case badHandshakeMethod = 2
    case badRequest = 3
    case forbidden = 4
    case unsupportedProtocolVersion = 5
  }

  /// What was asked.
  public let request: Request
  /// Why it was refused.
  public let code: Code
  /// The reason as the client is told it.
  public let message: String
  /// What it was about, by the reference's names: `transport`, `sid`, `method`, `protocol`, `origin`, `message`,
  /// `previousTransport`, and `name` with one of `INVALID_ORIGIN`, `TRANSPORT_MISMATCH`, `TRANSPORT_HANDSHAKE_ERROR`,
  /// `MIDDLEWARE_FAILURE`, `ID_GENERATION_ERROR` for a bad request. Parts of the request are as the client sent them.
  public let context: [String: String]
}
