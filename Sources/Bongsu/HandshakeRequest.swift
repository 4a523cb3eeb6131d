internal import BongsuHTTP
internal import BongsuReactor
internal import FoundationEssentials
internal import NIOCore

/// The request that opened a session. Every session keeps one and few look at it, so it is kept as the bytes that came,
/// and read again when somebody asks.
struct HandshakeRequest {
  /// What only a TLS connection has.
  final class Security: Sendable {
    let clientName: String?

    init(clientName: String?) { self.clientName = clientName }

    static let anonymous = Security(clientName: nil)
  }

  private let bytes: [UInt8]
  /// The peer's address; a proxy's when there is one in front.
  let address: String
  /// `nil` without TLS.
  let security: Security?
  /// Milliseconds since 1970.
  let issued: Int64

  init(_ head: RequestHead, on connection: Connection) {
    bytes = Array(head.bytes.readableBytesView)
    address = connection.peer?.address ?? ""
    issued = Int64(Date().timeIntervalSince1970 * 1000)
    if connection.isSecure {
      security = connection.clientCertificateName.map { Security(clientName: $0) } ?? .anonymous
    } else {
      security = nil
    }
  }

  /// `nil` never: the bytes have been read before.
  var head: RequestHead? {
    var parser = RequestParser(limits: HTTPLimits(headBytes: .max, headerCount: .max, targetBytes: .max))
    var input = ByteBuffer(bytes: bytes)
    return try? parser.parse(&input)
  }

  /// As those see it who ask for a page.
  var request: Request {
    guard let head else { preconditionFailure("the same bytes have been a head before") }
    return Request(head: head, address: address)
  }

  /// Path and query.
  var target: String { head?.target ?? "" }

  /// The value of an item of the query.
  func query(_ name: String) -> String? { head?.queryItems[name] }

  /// The first value of a header field.
  func header(_ name: String) -> String? { head?[name] }
}
