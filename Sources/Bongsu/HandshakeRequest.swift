internal import BongsuHTTP

/// The request that opened a session, kept in as few bytes as it came in.
struct HandshakeRequest {
  let head: RequestHead
  /// The peer's address; a proxy's when there is one in front.
  let address: String
}
