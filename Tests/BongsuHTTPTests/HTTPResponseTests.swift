import BongsuHTTP
import NIOCore
import Testing

@Suite struct HTTPResponseTests {
  private func response(
    _ status: Int, _ headers: [(String, String)] = [], _ body: String = "", keepAlive: Bool = true,
    minorVersion: Int = 1, head: Bool = false
  ) -> String {
    var output = ByteBuffer()
    HTTPResponse.write(
      status: status, headers: headers, body: ByteBuffer(string: body), keepAlive: keepAlive,
      minorVersion: minorVersion, head: head, into: &output)
    return String(buffer: output)
  }

  @Test func writesFieldsLengthAndBody() {
    #expect(
      response(200, [("Content-Type", "text/html"), ("Cache-Control", "no-store")], "ok")
        == "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\nok")
    #expect(response(404) == "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
  }

  @Test func appends() {
    var output = ByteBuffer(string: "before")
    HTTPResponse.writeContinue(into: &output)
    HTTPResponse.write(status: 200, keepAlive: true, into: &output)
    #expect(
      String(buffer: output) == "beforeHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
  }

  @Test func saysWhatBecomesOfTheConnection() {
    #expect(response(200, keepAlive: false) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    #expect(
      response(200, minorVersion: 0) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n")
    #expect(
      response(200, keepAlive: false, minorVersion: 0)
        == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
  }

  @Test func answersHeadWithTheLengthOnly() {
    #expect(response(200, [], "four", head: true) == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
  }

  @Test func writesNoBodyWhereNoneMayBe() {
    #expect(response(204, [], "x") == "HTTP/1.1 204 No Content\r\n\r\n")
    #expect(response(304, [("ETag", "\"a\"")], "x") == "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n")
    #expect(
      response(101, [("Upgrade", "websocket"), ("Connection", "Upgrade")], keepAlive: false)
        == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
  }

  @Test(arguments: [
    ("X", "a\r\nSet-Cookie: b"), ("X", "a\nb"), ("X", "a\rb"), ("X", "\0"), ("X", "\r\n\r\nbody"), ("", "a"),
    ("X Y", "a"), ("X:", "a"), ("X\r\nY", "a"), ("\u{C9}", "a"), ("Content-Length", "7"), ("content-LENGTH", "7"),
    ("Transfer-Encoding", "chunked"), ("Connection", "close"),
  ])
  func dropsFieldsThatWouldSplitTheResponse(_ name: String, _ value: String) {
    #expect(response(200, [(name, value), ("Z", "z")]) == "HTTP/1.1 200 OK\r\nZ: z\r\nContent-Length: 0\r\n\r\n")
  }

  @Test(arguments: [Int.min, -1, 0, 99, 1000, Int.max])
  func writesImpossibleStatusesAs500(_ status: Int) {
    #expect(response(status).hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
  }

  @Test func keepsTheSpaceBeforeAnEmptyPhrase() {
    #expect(response(299).hasPrefix("HTTP/1.1 299 \r\n"))
  }
}
