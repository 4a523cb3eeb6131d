internal import BongsuEngineIO
internal import BongsuHTTP
internal import BongsuReactor
internal import NIOCore

/// How the answer to a session's request is to look, as the request asked for it. Keeps nothing of the request's bytes.
struct PollStyle {
  private let coding: ContentCoding?
  private let compression: HTTPCompression?
  /// The callback's number, when a script element asks.
  private let script: String?
  /// Internet Explorer takes some answers for attacks.
  private let isExplorer: Bool
  private let cookie: String?
  /// For functions that want to see the fields.
  private let listener: ((inout HeaderFields) -> Void)?

  /// - Parameter name: the id of the session, when the request opens it.
  init(_ head: RequestHead, _ endpoint: EngineEndpoint, on connection: Connection, opening name: String? = nil) {
    compression = endpoint.options.httpCompression
    coding = compression.flatMap { _ in ContentCoding(accepted: head.values("accept-encoding")) }
    script = endpoint.options.allowJSONP ? head.queryItems["j"] : nil
    isExplorer = head["user-agent"].map { $0.contains(";MSIE") || $0.contains("Trident/") } ?? false
    cookie = name.flatMap { name in endpoint.options.cookie?.field(sid: name) }
    listener = endpoint.options.listener(Request(detaching: head, on: connection), isInitial: name != nil)
  }

  /// Whether a POST's body is a form.
  var isScript: Bool { script != nil }

  /// The answer to a poll: its fields and its body.
  func answer(_ payload: ByteBuffer, isBinary: Bool) -> (headers: [(String, String)], body: ByteBuffer) {
    var type = isBinary ? "application/octet-stream" : "text/plain; charset=UTF-8"
    var body = payload
    if let script {
      type = "text/javascript; charset=UTF-8"
      body = JSONP.script(index: script, payload.readableBytesSpan)
    }
    var headers = [("Content-Type", type)]
    if let compression, let coding, let shorter = compression.encode(body, coding) {
      headers.append(("Content-Encoding", coding.rawValue))
      body = shorter
    }
    return (self.headers(headers), body)
  }

  /// Some fields of an answer, and those that every answer of a session has.
  func headers(_ headers: [(String, String)]) -> [(String, String)] {
    var headers = headers
    if isExplorer { headers.append(("X-XSS-Protection", "0")) }
    headers.append(("cache-control", "no-store"))
    if let cookie { headers.append(("Set-Cookie", cookie)) }
    guard let listener else { return headers }
    var fields = HeaderFields(headers)
    listener(&fields)
    return fields.pairs
  }
}

extension EngineOptions {
  /// Calls whoever wants to see the fields of an answer; nil when nobody does.
  func listener(
    _ request: @autoclosure () -> Request, isInitial: Bool
  ) -> ((inout HeaderFields) -> Void)? {
    let initial = isInitial ? onInitialHeaders : nil
    guard initial != nil || onHeaders != nil else { return nil }
    let request = request()
    return { [onHeaders] fields in
      initial?(&fields, request)
      onHeaders?(&fields, request)
    }
  }

  /// The fields of the answer that opens a WebSocket.
  func upgradeHeaders(_ request: @autoclosure () -> Request, opening name: String?) -> [(String, String)] {
    var fields = HeaderFields()
    if let cookie, let name { fields.append("Set-Cookie", cookie.field(sid: name)) }
    listener(request(), isInitial: name != nil)?(&fields)
    return fields.pairs
  }
}
