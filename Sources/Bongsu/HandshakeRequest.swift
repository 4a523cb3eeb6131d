internal import BongsuHTTP
internal import NIOCore

/// The request that opened a session. Every session keeps one and few look at it, so it is kept as the bytes that came,
/// and read again when somebody asks.
struct HandshakeRequest {
  private let bytes: [UInt8]
  /// The peer's address; a proxy's when there is one in front.
  let address: String

  init(head: RequestHead, address: String) {
    bytes = Array(head.bytes.readableBytesView)
    self.address = address
  }

  /// `nil` never: the bytes have been read before.
  private var parsed: RequestHead? {
    var parser = RequestParser(limits: HTTPLimits(headBytes: .max, headerCount: .max, targetBytes: .max))
    var input = ByteBuffer(bytes: bytes)
    return try? parser.parse(&input)
  }

  /// Path and query.
  var target: String { parsed?.target ?? "" }

  /// The value of an item of the query.
  func query(_ name: String) -> String? { parsed?.queryItems[name] }

  /// The first value of a header field.
  func header(_ name: String) -> String? { parsed?[name] }
}
