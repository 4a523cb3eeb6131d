/// How the length of a request's body is known (RFC 9112 §6).
public enum BodyFraming: Sendable, Equatable {
  /// Neither Content-Length nor Transfer-Encoding: there is no body.
  case none
  /// Content-Length, in bytes.
  case length(Int)
  /// `Transfer-Encoding: chunked`.
  case chunked
}
