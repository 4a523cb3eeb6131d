public import NIOCore

/// Writes responses.
///
/// The writer alone decides where a response ends: it writes Content-Length and Connection, and drops these and
/// Transfer-Encoding from the fields it is given (a 101 keeps its Connection). A field whose name is not a token or
/// whose value contains CR, LF or NUL is dropped whole, so that nobody's text can become another field or response.
public enum HTTPResponse {
  /// Appends a response.
  ///
  /// - Parameters:
  ///   - status: 100...999; any other is written as 500.
  ///   - headers: names and values, written in this order.
  ///   - body: left out, as is its length, where the status forbids one: 1xx, 204, 304 (RFC 9110 §6.4.1, §8.6).
  ///   - keepAlive: false writes `Connection: close`.
  ///   - minorVersion: of the request; a client of HTTP/1.0 is told `Connection: keep-alive` when that is so.
  ///   - head: whether the request was HEAD: the same fields, Content-Length included, and no body.
  public static func write(
    status: Int, headers: [(String, String)] = [], body: ByteBuffer = ByteBuffer(), keepAlive: Bool,
    minorVersion: Int = 1, head: Bool = false, into output: inout ByteBuffer
  ) {
    writeHead(
      status: status, headers: headers, bodyBytes: body.readableBytes, keepAlive: keepAlive,
      minorVersion: minorVersion, into: &output)
    if !head, allowsBody(status) { output.writeImmutableBuffer(body) }
  }

  /// Appends everything but the body, for a body that is sent by reference.
  ///
  /// - Parameter bodyBytes: the body's length in bytes.
  public static func writeHead(
    status: Int, headers: [(String, String)] = [], bodyBytes: Int, keepAlive: Bool, minorVersion: Int = 1,
    into output: inout ByteBuffer
  ) {
    writeStatusLine(status, into: &output)
    for (name, value) in headers where isWritable(name, value, status: status) {
      writeField(name, value, into: &output)
    }
    if allowsBody(status) { writeField("Content-Length", String(max(bodyBytes, 0)), into: &output) }
    if status >= 200 {
      if !keepAlive {
        output.writeStaticString("Connection: close\r\n")
      } else if minorVersion == 0 {
        output.writeStaticString("Connection: keep-alive\r\n")
      }
    }
    output.writeStaticString("\r\n")
  }

  /// Appends the answer to a request that is refused, as plain text. The connection must be closed after it.
  public static func write(_ error: HTTPError, into output: inout ByteBuffer) {
    write(
      status: error.status, headers: [("Content-Type", "text/plain; charset=utf-8")],
      body: ByteBuffer(string: error.message), keepAlive: false, into: &output)
  }

  /// Appends `100 Continue`, for which a request with `expectsContinue` waits.
  public static func writeContinue(into output: inout ByteBuffer) {
    output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
  }

  private static func writeStatusLine(_ status: Int, into output: inout ByteBuffer) {
    // Most responses; one write instead of five.
    if status == 200 {
      output.writeStaticString("HTTP/1.1 200 OK\r\n")
      return
    }
    let status = 100...999 ~= status ? status : 500
    output.writeStaticString("HTTP/1.1 ")
    output.writeString(String(status))
    output.writeStaticString(" ")
    output.writeString(ReasonPhrase.of(status))
    output.writeStaticString("\r\n")
  }

  private static func writeField(_ name: String, _ value: String, into output: inout ByteBuffer) {
    output.writeString(name)
    output.writeInteger(0x3A20 as UInt16)  // ": "
    output.writeString(value)
    output.writeInteger(0x0D0A as UInt16)  // CRLF
  }

  private static func allowsBody(_ status: Int) -> Bool {
    !(100..<200 ~= status || status == 204 || status == 304)
  }

  private static func isWritable(_ name: String, _ value: String, status: Int) -> Bool {
    if name.isEmpty || !name.utf8.allSatisfy(ASCII.isToken) { return false }
    if !value.utf8.allSatisfy({ $0 != ASCII.carriageReturn && $0 != ASCII.lineFeed && $0 != 0 }) { return false }
    switch name.utf8.count {
    case 10: return status == 101 || !isEqual(name, "connection")
    case 14: return !isEqual(name, "content-length")
    case 17: return !isEqual(name, "transfer-encoding")
    default: return true
    }
  }

  private static func isEqual(_ name: String, _ lowercase: String) -> Bool {
    name.utf8.lazy.map(ASCII.lowercased).elementsEqual(lowercase.utf8)
  }
}
