internal import BongsuHTTP
internal import NIOCore

/// How a client introduced itself.
public struct Handshake: Sendable {
  private let request: HandshakeRequest
  /// What the client sent with its request to join the namespace: a JSON object, `{}` when it sent nothing.
  public let auth: JSONBytes

  init(_ request: HandshakeRequest, auth: ByteBuffer?) {
    self.request = request
    self.auth = JSONBytes(auth ?? ByteBuffer(string: "{}"))
  }

  /// The peer's address; a proxy's when there is one in front.
  public var address: String { request.address }

  /// Path and query of the session's first request.
  public var url: String { request.target }

  /// The value of an item of the session's first request's query.
  public func query(_ name: String) -> String? { request.query(name) }

  /// The first value of a header field of the session's first request.
  public func header(_ name: String) -> String? { request.header(name) }
}

extension Socket {
  /// How the client introduced itself.
  public var handshake: Handshake { Handshake(client.request, auth: auth) }
}
