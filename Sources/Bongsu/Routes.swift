internal import BongsuHTTP
internal import BongsuReactor
public import NIOCore

/// What a server answers besides Socket.IO; fixed when it starts.
struct Routes: Sendable {
  var pages: [String: @Sendable (Request) -> Response] = [:]
  var webSockets: [WebSocketRoute] = []
  var engines: [EngineRequests] = []

  /// The endpoint with the longest path that begins the request's.
  func engine(for path: String) -> EngineRequests? {
    engines.filter { path.hasPrefix($0.path) }.max { $0.path.utf8.count < $1.path.utf8.count }
  }

  func webSocket(for path: String) -> WebSocketRoute? { webSockets.first { $0.matches(path) } }
}

/// A GET or HEAD request for a page.
public struct Request: Sendable {
  let head: RequestHead

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

extension Hub {
  func destination(of head: RequestHead) -> Destination {
    if routes.pages[head.path] == nil, routes.engine(for: head.path) != nil {
      if let sid = head.queryItems["sid"], let loop = Identifier(sid)?.loop, loop != index,
        loop < server.hubs.count
      {
        return .loop(loop)
      }
      return head.isWebSocketUpgrade ? .upgrade : .stay
    }
    return head.isWebSocketUpgrade && routes.webSocket(for: head.path) != nil ? .upgrade : .stay
  }

  /// Whether a request's origin may connect (see ``Configuration/allowedOrigins``).
  func allows(_ head: RequestHead) -> Bool {
    guard let allowed = configuration.allowedOrigins, let origin = head["origin"] else { return true }
    if allowed.contains(origin) { return true }
    guard let host = head.host else { return false }
    return origin == "http://" + host || origin == "https://" + host
  }

  func corsHeaders(for head: RequestHead) -> [(String, String)] {
    configuration.cors.isEnabled ? configuration.cors.headers(origin: head["origin"]) : []
  }

  func handle(_ head: RequestHead, _ exchange: Exchange, on http: HTTPConnection) throws(HTTPError) {
    if let page = routes.pages[head.path] { return respond(head, exchange, page) }
    if let engine = routes.engine(for: head.path) { return try engine.handle(head, exchange, on: http) }
    if routes.webSocket(for: head.path) != nil {
      return exchange.respond(426, text: "This is a WebSocket endpoint.", headers: [("Upgrade", "websocket")])
    }
    exchange.respond(404, text: "There is nothing here.")
  }

  private func respond(_ head: RequestHead, _ exchange: Exchange, _ page: @Sendable (Request) -> Response) {
    guard head.method == .get || head.method == .head else {
      return exchange.respond(405, text: "Only GET and HEAD are allowed here.", headers: [("Allow", "GET, HEAD")])
    }
    let response = page(Request(head: head))
    if let tag = response.headers.first(where: { $0.0 == "ETag" })?.1, head.ifNoneMatch(names: tag) {
      return exchange.respond(304, response.headers.filter { $0.0 != "Content-Type" })
    }
    exchange.respond(response.status, response.headers, body: response.body)
  }

  /// Takes a connection out of HTTP. Bytes that came behind the request belong to what comes next.
  func upgrade(_ head: RequestHead, on http: HTTPConnection, rest: inout ByteBuffer) {
    let connection = http.connection
    forget(http)
    if let engine = routes.engine(for: head.path) {
      engine.upgrade(head, on: connection, hub: self)
    } else if let route = routes.webSocket(for: head.path) {
      route.upgrade(head, on: connection, hub: self)
    }
    guard connection.isOpen, rest.readableBytes > 0 else { return }
    connection.delegate?.received(&rest, on: connection)
    rest.clear()
  }
}

extension RequestHead {
  /// A request to leave HTTP for WebSocket, well-formed or not.
  var isWebSocketUpgrade: Bool { wantsUpgrade }
}
