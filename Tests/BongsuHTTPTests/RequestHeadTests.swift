import BongsuHTTP
import NIOCore
import Testing

@Suite struct RequestHeadTests {
  @Test func readsAPollingRequest() throws {
    let head = try parse(validRequests[2])
    #expect(head.method == .get)
    #expect(head.methodName == "GET")
    #expect(head.minorVersion == 1)
    #expect(head.target == "/socket.io/?EIO=4&transport=polling&t=abc")
    #expect(head.path == "/socket.io/")
    #expect(head.query == "EIO=4&transport=polling&t=abc")
    #expect(head.queryItems["transport"] == "polling")
    #expect(head.framing == .none)
    #expect(head.keepsAlive)
    #expect(!head.wantsUpgrade)
    #expect(head["origin"] == "http://localhost:3000")
    #expect(head["ORIGIN"] == "http://localhost:3000")
    #expect(head["cookie"] == nil)
    #expect(head["origi"] == nil)
    #expect(head["origins"] == nil)
    #expect(head.fieldCount == 5)
    #expect(head.fields.map(\.name) == ["Host", "Connection", "Accept", "User-Agent", "Origin"])
  }

  @Test func readsAWebSocketUpgrade() throws {
    let head = try parse(validRequests[5])
    #expect(head.wantsUpgrade)
    #expect(head.host == "[::1]:80")
    #expect(head["sec-websocket-key"] == "dGhlIHNhbXBsZSBub25jZQ==")
    #expect(head.hasElement("websocket", in: "upgrade"))
    #expect(head.hasElement("UPGRADE", in: "connection"))
    #expect(!head.hasElement("up", in: "connection"))
    #expect(!head.hasElement("", in: "connection"))
  }

  @Test(arguments: [
    ("GET", HTTPMethod.get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete),
    ("OPTIONS", .options), ("PATCH", .patch), ("CONNECT", .other), ("TRACE", .other), ("get", .other),
    ("Get", .other), ("GETS", .other), ("GE", .other), ("M-SEARCH", .other), ("!#$%&'*+-.^_`|~09", .other),
  ])
  func knowsMethodsByTheirExactToken(_ token: String, _ method: HTTPMethod) throws {
    let head = try parse("\(token) / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(head.method == method)
    #expect(head.methodName == token)
  }

  @Test(arguments: [
    ("/", "/", ""), ("/?", "/", ""), ("/a?b?c", "/a", "b?c"), ("/%2F/../a", "/%2F/../a", ""), ("//a/b", "//a/b", ""),
    ("/a|b{c}", "/a|b{c}", ""), ("http://h/a?b", "/a", "b"), ("HTTP://h:80/a", "/a", ""), ("https://h", "/", ""),
    ("http://h?b=/c", "/", "b=/c"), ("http://[::1]:3/x", "/x", ""),
  ])
  func splitsTheTarget(_ target: String, _ path: String, _ query: String) throws {
    let head = try parse("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(head.target == target)
    #expect(head.path == path)
    #expect(head.query == query)
  }

  @Test func takesTheHostFromAnAbsoluteTarget() throws {
    #expect(try parse("GET http://b:80/ HTTP/1.1\r\nHost: a\r\n\r\n").host == "b:80")
    #expect(try parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n").host == "a")
    #expect(try parse("GET / HTTP/1.0\r\n\r\n").host == nil)
  }

  @Test func acceptsTheAsteriskForOptionsOnly() throws {
    #expect(try parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").path == "*")
    #expect(refusal(of: "GET * HTTP/1.1\r\nHost: a\r\n\r\n") == .badRequest(.target))
  }

  @Test func trimsValuesAndKeepsWhatIsInside() throws {
    let head = try parse(validRequests[8])
    #expect(head["empty"] == "")
    #expect(head["spaces"] == "")
    #expect(head["inner"] == "a \t b")
    #expect(head["high"] == "\u{E9}")
  }

  @Test func repairsValuesThatAreNotUTF8() throws {
    let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + [0x80, 0xFF] + Array("\r\n\r\n".utf8)
    #expect(try parse(bytes)["x"] == "\u{FFFD}\u{FFFD}")
  }

  @Test func givesAllValuesOfARepeatedField() throws {
    let head = try parse("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 2\r\nx: 3\r\n\r\n")
    #expect(head["x"] == "1")
    #expect(head.values("X") == ["1", "3"])
    #expect(head.values("z").isEmpty)
  }

  @Test(arguments: [
    ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.1", "Connection: x, CLOSE\r\n", false),
    ("1.1", "Connection: a\r\nConnection: close\r\n", false), ("1.1", "Connection: closed\r\n", true),
    ("1.0", "", false), ("1.0", "Connection: Keep-Alive\r\n", true),
    ("1.0", "Connection: keep-alive, close\r\n", false),
  ])
  func knowsWhetherTheConnectionStays(_ version: String, _ fields: String, _ keepsAlive: Bool) throws {
    #expect(try parse("GET / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n").keepsAlive == keepsAlive)
  }

  @Test(arguments: [
    ("1.1", "Upgrade: websocket\r\nConnection: upgrade\r\n", true), ("1.1", "Upgrade: websocket\r\n", false),
    ("1.1", "Connection: upgrade\r\n", false), ("1.0", "Upgrade: websocket\r\nConnection: upgrade\r\n", false),
    ("1.1", "Connection: ,,x ,\t upgrade\t,\r\nUpgrade: h2c\r\n", true),
  ])
  func knowsWhetherAnUpgradeIsWanted(_ version: String, _ fields: String, _ wantsUpgrade: Bool) throws {
    #expect(try parse("GET / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n").wantsUpgrade == wantsUpgrade)
  }

  @Test(arguments: [
    ("1.1", "Content-Length: 1\r\n", true), ("1.1", "Transfer-Encoding: chunked\r\n", true), ("1.1", "", false),
    ("1.1", "Content-Length: 0\r\n", false), ("1.0", "Content-Length: 1\r\n", false),
  ])
  func expectsContinueOnlyBeforeABody(_ version: String, _ fields: String, _ expects: Bool) throws {
    let head = try parse("POST / HTTP/\(version)\r\nHost: a\r\nExpect: 100-continue\r\n\(fields)\r\n")
    #expect(head.expectsContinue == expects)
  }

  @Test func isASliceUntilDetached() throws {
    var parser = RequestParser()
    var input = ByteBuffer(string: validRequests[3] + String(repeating: "x", count: 10_000))
    let head = try #require(try parser.parse(&input))
    let copy = head.detached()
    #expect(head.bytes.storageCapacity > 10_000)
    #expect(copy.bytes.storageCapacity < 256)
    #expect(Summary(copy) == Summary(head))
    #expect(copy["content-type"] == "text/plain")
  }
}
