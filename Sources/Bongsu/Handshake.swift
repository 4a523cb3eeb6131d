internal import BongsuHTTP
public import FoundationEssentials
internal import NIOCore

/// How a client introduced itself: its session's first request, and what it sent to join the namespace.
public struct Handshake: Sendable {
  private enum Origin: Sendable {
    case request(HandshakeRequest)
    case fields(HandshakeFields)
  }

  private let origin: Origin
  /// What the client sent with its request to join the namespace: a JSON object, `{}` when it sent nothing.
  public let auth: JSONBytes

  init(_ request: HandshakeRequest, auth: ByteBuffer?) {
    origin = .request(request)
    self.auth = JSONBytes(auth ?? ByteBuffer(string: "{}"))
  }

  private var fields: HandshakeFields {
    switch origin {
    case .request(let request): HandshakeFields(request)
    case .fields(let fields): fields
    }
  }

  /// The peer's address; a proxy's when there is one in front.
  public var address: String {
    if case .request(let request) = origin { request.address } else { fields.address }
  }

  /// Path and query of the session's first request.
  public var url: String {
    if case .request(let request) = origin { request.target } else { fields.url }
  }

  /// When the session began, in milliseconds since 1970.
  public var issued: Int64 {
    if case .request(let request) = origin { request.issued } else { fields.issued }
  }

  /// When the session began.
  public var time: Date { Date(timeIntervalSince1970: Double(issued) / 1000) }

  /// Whether the connection was encrypted by this server itself.
  public var secure: Bool {
    if case .request(let request) = origin { request.security != nil } else { fields.secure }
  }

  /// Whether the request came from a page of some origin, that is, had an Origin.
  public var xdomain: Bool { header("origin") != nil }

  /// Whom the client's TLS certificate is for, as `CN=name,O=organisation` (RFC 4514); `nil` without one.
  public var clientCertificateName: String? {
    if case .request(let request) = origin { request.security?.clientName } else { nil }
  }

  /// The query's items; of an item that is repeated, the last one.
  public var query: [String: String] { fields.query }

  /// The value of an item of the session's first request's query.
  public func query(_ name: String) -> String? {
    if case .request(let request) = origin { request.query(name) } else { fields.query[name] }
  }

  /// The header fields by their names in lower case; several values of one name are joined by `, `.
  public var headers: [String: String] { fields.headers }

  /// The first value of a header field of the session's first request.
  public func header(_ name: String) -> String? {
    if case .request(let request) = origin { request.header(name) } else { fields.headers[name.lowercased()] }
  }

  /// ``auth`` as a value. Throws `DecodingError`.
  public func auth<Value: Decodable>(as type: Value.Type) throws -> Value {
    try auth.decoded(as: type)
  }
}

extension Socket {
  /// How the client introduced itself.
  public var handshake: Handshake { Handshake(holder.request, auth: auth) }
}

/// As other servers are told of it, with the reference's names.
extension Handshake: Codable {
  public init(from decoder: any Decoder) throws {
    let fields = try HandshakeFields(from: decoder)
    origin = .fields(fields)
    auth = JSONBytes(ByteBuffer(bytes: try JSONEncoder().encode(fields.auth ?? .object([:]))))
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = self.fields
    fields.auth = try auth.decoded()
    try fields.encode(to: encoder)
  }
}

/// A handshake in the reference's form.
private struct HandshakeFields: Codable, Sendable {
  var headers: [String: String] = [:]
  var time: String
  var address: String
  var xdomain: Bool
  var secure: Bool
  var issued: Int64
  var url: String
  var query: [String: String]
  var auth: JSONTree?

  init(_ request: HandshakeRequest) {
    let head = request.head
    for (name, value) in head?.fields ?? [] {
      let name = name.lowercased()
      headers[name] = headers[name].map { $0 + ", " + value } ?? value
    }
    time = Date(timeIntervalSince1970: Double(request.issued) / 1000).formatted(.iso8601)
    address = request.address
    xdomain = headers["origin"] != nil
    secure = request.security != nil
    issued = request.issued
    url = head?.target ?? ""
    let items = head.map { $0.queryItems.map { ($0.name, $0.value) } } ?? []
    query = Dictionary(items, uniquingKeysWith: { $1 })
  }
}
