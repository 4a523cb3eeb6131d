internal import BongsuHTTP
internal import BongsuReactor
public import NIOCore

/// A request for a page, a session or a WebSocket.
public struct Request: Sendable {
  let head: RequestHead
  /// The peer's address; a proxy's when there is one in front.
  public let address: String

  init(head: RequestHead, on connection: Connection) {
    self.init(head: head, address: connection.peer?.address ?? "")
  }

  init(head: RequestHead, address: String) {
    self.head = head
    self.address = address
  }

  /// For longer than the call that it came with: over a copy of its bytes.
  init(detaching head: RequestHead, on connection: Connection) {
    self.init(head: head.detached(), on: connection)
  }

  /// The method, in capitals as a rule.
  public var method: String { head.methodName }

  /// Path and query, as sent.
  public var url: String { head.target }

  /// The path, as sent.
  public var path: String { head.path }

  /// What follows `prefix` in the path, percent-decoded.
  public func pathComponent(after prefix: String) -> String? {
    head.path.hasPrefix(prefix) ? PercentEncoding.decode(head.path.dropFirst(prefix.count)) : nil
  }

  /// The value of a query item.
  public func query(_ name: String) -> String? { head.queryItems[name] }

  /// The first value of a header field.
  public func header(_ name: String) -> String? { head[name] }

  /// All header fields in the order sent, names spelled as sent.
  public var headers: [(name: String, value: String)] { head.fields }
}

/// The answer to a ``Request``.
public struct Response: Sendable {
  /// 100 to 999.
  public var status: Int
  /// Written in this order; Content-Length and Connection are written besides.
  public var headers: [(String, String)]
  /// Left out for HEAD requests.
  public var body: ByteBuffer

  /// An answer of any kind.
  public init(status: Int = 200, headers: [(String, String)] = [], body: ByteBuffer = ByteBuffer()) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A line of text.
  public static func text(_ text: String, status: Int = 200) -> Response {
    Response(status: status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: ByteBuffer(string: text))
  }
}
