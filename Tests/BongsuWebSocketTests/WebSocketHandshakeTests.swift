import BongsuWebSocket
import Testing

@Suite struct WebSocketHandshakeTests {
  /// The request of RFC 6455 §1.2.
  let fields: [String: [String]] = [
    "upgrade": ["websocket"], "connection": ["Upgrade"], "sec-websocket-key": ["dGhlIHNhbXBsZSBub25jZQ=="],
    "sec-websocket-version": ["13"], "sec-websocket-protocol": ["chat, superchat"],
  ]

  func answer(
    isGet: Bool = true, minorVersion: Int = 1, _ name: String = "", _ values: [String] = []
  ) throws(WebSocketHandshakeError) -> WebSocketHandshake {
    try WebSocketHandshake(isGet: isGet, minorVersion: minorVersion) { $0 == name ? values : fields[$0] ?? [] }
  }

  @Test func answersTheExampleOfRFC6455Section1_3() throws {
    let handshake = try answer()
    #expect(handshake.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    #expect(handshake.subprotocol == "chat")
  }

  @Test(arguments: [
    ("upgrade", ["WebSocket"]), ("upgrade", ["h2c, WEBSOCKET ,"]), ("upgrade", ["h2c", "websocket"]),
    ("connection", ["keep-alive, Upgrade"]), ("connection", ["keep-alive", "\tupgrade "]),
    ("connection", ["," + String(repeating: " ,", count: 9) + "UPGRADE"]),
  ])
  func readsListsInAnyCase(name: String, values: [String]) throws {
    #expect(try answer(name, values).accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
  }

  @Test(
    arguments: [
      ("upgrade", [], .upgrade), ("upgrade", ["websockets"], .upgrade), ("upgrade", ["web socket"], .upgrade),
      ("upgrade", [""], .upgrade), ("upgrade", ["\u{17}ebsocket"], .upgrade),
      ("connection", [], .connection), ("connection", ["keep-alive"], .connection),
      ("connection", ["up,grade"], .connection),
      ("sec-websocket-key", [], .key), ("sec-websocket-key", [""], .key),
      ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZQ="], .key),
      ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZQ==="], .key),
      ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZSE="], .key),
      ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25j_Q=="], .key),
      ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jé=="], .key),
      ("sec-websocket-key", Array(repeating: "dGhlIHNhbXBsZSBub25jZQ==", count: 2), .key),
      ("sec-websocket-version", [], .missingVersion), ("sec-websocket-version", ["8"], .unsupportedVersion),
      ("sec-websocket-version", ["013"], .unsupportedVersion), ("sec-websocket-version", [""], .unsupportedVersion),
      ("sec-websocket-version", ["13", "8"], .unsupportedVersion),
      ("sec-websocket-protocol", [""], .subprotocol), ("sec-websocket-protocol", ["a,,b"], .subprotocol),
      ("sec-websocket-protocol", ["a b"], .subprotocol), ("sec-websocket-protocol", ["a\r\nX: y"], .subprotocol),
      ("sec-websocket-protocol", ["chat", "한"], .subprotocol), ("sec-websocket-protocol", ["a/b"], .subprotocol),
    ] as [(String, [String], WebSocketHandshakeError)])
  func rejects(name: String, values: [String], error: WebSocketHandshakeError) {
    #expect(throws: error) { try answer(name, values) }
  }

  @Test func rejectsOtherMethodsAndOldVersionsOfHTTP() {
    #expect(throws: WebSocketHandshakeError.method) { try answer(isGet: false) }
    #expect(throws: WebSocketHandshakeError.httpVersion) { try answer(minorVersion: 0) }
  }

  @Test(
    arguments: [
      (["foo, bar"], "foo"), (["  foo\t"], "foo"), (["foo", "bar"], "foo"), (["v1.json~a!"], "v1.json~a!"), ([], nil),
    ] as [([String], String?)])
  func echoesTheFirstOfferedSubprotocol(values: [String], subprotocol: String?) throws {
    #expect(try answer("sec-websocket-protocol", values).subprotocol == subprotocol)
  }

  @Test func aWrongVersionLearnsTheRightOne() {
    let error = WebSocketHandshakeError.unsupportedVersion
    #expect(error.status == 426)
    #expect(error.field?.name == "Sec-WebSocket-Version" && error.field?.value == "13")
    #expect(error.reason == "Missing or invalid Sec-WebSocket-Version header")
  }

  @Test(
    arguments: [
      (.upgrade, "Invalid Upgrade header"), (.key, "Missing or invalid Sec-WebSocket-Key header"),
      (.missingVersion, "Missing or invalid Sec-WebSocket-Version header"),
      (.subprotocol, "Invalid Sec-WebSocket-Protocol header"),
    ] as [(WebSocketHandshakeError, String)])
  func otherFaultsAreBadRequests(error: WebSocketHandshakeError, reason: String) {
    #expect(error.status == 400 && error.field == nil && error.reason == reason)
  }

  /// Quadratic work on 64 kB would be four billion steps and would not end while anyone waits.
  @Test(.timeLimit(.minutes(1)), arguments: [",", " ", "\t", "a", "\"", ", ", "a,"])
  func takesLinearTime(pattern: String) {
    let value = String(repeating: pattern, count: 65536 / pattern.utf8.count)
    for name in ["upgrade", "connection", "sec-websocket-key", "sec-websocket-version"] {
      #expect(throws: WebSocketHandshakeError.self) { try answer(name, [value]) }
    }
    _ = try? answer("sec-websocket-protocol", [value])
  }
}
