internal import BongsuHTTP
internal import BongsuReactor
internal import NIOCore

/// What a server answers besides Socket.IO; fixed when it starts.
struct Routes: Sendable {
  var pages: [String: @Sendable (Request) -> Response] = [:]
  var webSockets: [WebSocketRoute] = []
  var engines: [EngineEndpoint] = []

  /// The endpoint with the longest path that begins the request's, unless a page has the path.
  func engine(for path: String) -> EngineEndpoint? {
    guard pages[path] == nil else { return nil }
    return engines.filter { path.hasPrefix($0.path) }.max { $0.path.utf8.count < $1.path.utf8.count }
  }

  func webSocket(for path: String) -> WebSocketRoute? { webSockets.first { $0.matches(path) } }
}

extension Hub {
  /// - Parameter screening: what was asked about the request before.
  func destination(of head: RequestHead, _ engine: EngineEndpoint?, _ screening: Screening?) -> Destination {
    guard let engine else {
      return head.wantsUpgrade && routes.webSocket(for: head.path) != nil ? .upgrade : .stay
    }
    let loops = server.hubs.count
    let sid = head.queryItems["sid"].flatMap { $0.isEmpty ? nil : $0 }
    let home = sid.map { engine.loop(of: $0, loops: loops) } ?? screening?.loop(of: loops)
    if let home, home != index { return .loop(home) }
    return head.wantsUpgrade ? .upgrade : .stay
  }

  /// Whether a request's origin may connect (see ``Configuration/allowedOrigins``).
  func allows(_ head: RequestHead) -> Bool {
    guard let allowedOrigins, let origin = head["origin"] else { return true }
    if allowedOrigins.contains(where: { $0.matches(origin) }) { return true }
    guard let host = head.host else { return false }
    return origin == "http://" + host || origin == "https://" + host
  }

  /// An endpoint's own CORS, or for everything else that of Socket.IO's.
  func cors(for head: RequestHead, _ engine: EngineEndpoint?, on connection: Connection) -> CORS {
    (engine ?? server.engine).cors(for: Request(head: head, on: connection))
  }

  func handle(
    _ head: RequestHead, _ exchange: Exchange, on http: HTTPConnection, _ engine: EngineEndpoint?,
    _ screening: Screening
  ) throws(HTTPError) {
    if let engine { return try engine.handle(head, exchange, on: http, screening) }
    if let page = routes.pages[head.path] {
      return respond(head, exchange, page(Request(head: head, on: http.connection)))
    }
    if routes.webSocket(for: head.path) != nil {
      return exchange.respond(426, text: "This is a WebSocket endpoint.", headers: [("Upgrade", "websocket")])
    }
    let isUnwanted = head.wantsUpgrade && configuration.engine.destroyUpgrade
    exchange.respond(404, text: "There is nothing here.", close: isUnwanted)
  }

  private func respond(_ head: RequestHead, _ exchange: Exchange, _ page: @autoclosure () -> Response) {
    guard head.method == .get || head.method == .head else {
      return exchange.respond(405, text: "Only GET and HEAD are allowed here.", headers: [("Allow", "GET, HEAD")])
    }
    let response = page()
    if let tag = response.headers.first(where: { $0.0 == "ETag" })?.1, head.ifNoneMatch(names: tag) {
      return exchange.respond(304, response.headers.filter { $0.0 != "Content-Type" })
    }
    exchange.respond(response.status, response.headers, body: response.body)
  }

  /// Takes a connection out of HTTP. Bytes that came behind the request belong to what comes next.
  func upgrade(
    _ head: RequestHead, on http: HTTPConnection, _ engine: EngineEndpoint?, _ screening: Screening,
    rest: inout ByteBuffer
  ) {
    let connection = http.connection
    forget(http)
    // HTTP may have stopped reading, to wait for an answer about this request or for those before it.
    connection.resumeReading()
    if let engine {
      engine.upgrade(head, on: connection, hub: self, screening)
    } else if let route = routes.webSocket(for: head.path) {
      route.upgrade(head, on: connection, hub: self)
    }
    guard connection.isOpen, rest.readableBytes > 0 else { return }
    var bytes = rest.mutableReadableBytesSpan
    connection.delegate?.received(&bytes, on: connection)
    rest.clear()
  }
}
