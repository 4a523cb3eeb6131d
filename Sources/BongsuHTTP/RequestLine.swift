/// The first line of a request (RFC 9112 §3): method, target and version, one space apart.
struct RequestLine: Sendable {
  let method: HTTPMethod
  let methodName: ByteRange
  let target: RequestTarget
  let minorVersion: Int

  /// The bytes that a request line has besides its target, at most: method, two spaces, version.
  static let overhead = HTTPLimits.methodBytes + 1 + 1 + 8

  /// Reads the line that lies in front of `end`, which is where its CR was found.
  init(_ bytes: Span<UInt8>, end: Int, targetLimit: Int) throws(HTTPError) {
    var index = 0
    while index < end, ASCII.isToken(bytes[index]) { index += 1 }
    let methodEnd = index
    guard methodEnd < end else { throw .badRequest(.requestLine) }
    guard bytes[methodEnd] == ASCII.space, 1...HTTPLimits.methodBytes ~= methodEnd else {
      throw .badRequest(.method)
    }
    index += 1
    while index < end, bytes[index] != ASCII.space { index += 1 }
    // A target without anything after it is how HTTP/0.9 asked.
    guard index < end else { throw .badRequest(.requestLine) }
    minorVersion = try Self.minorVersion(bytes, in: index + 1..<end)
    guard index - methodEnd - 1 <= targetLimit else { throw .targetTooLong }
    method = HTTPMethod(bytes, in: 0..<methodEnd)
    methodName = ByteRange(0..<methodEnd)
    target = try RequestTarget(bytes, in: methodEnd + 1..<index, method: method)
  }

  /// `HTTP-version = "HTTP/" DIGIT "." DIGIT`, in capitals (RFC 9112 §2.3). An HTTP/2 preface ends here too.
  private static func minorVersion(_ bytes: Span<UInt8>, in range: Range<Int>) throws(HTTPError) -> Int {
    if bytes.equals("HTTP/1.1", in: range) { return 1 }
    if bytes.equals("HTTP/1.0", in: range) { return 0 }
    let start = range.lowerBound
    guard range.count == 8, bytes.equals("HTTP/", in: start..<start + 5),
      ASCII.decimalValue(bytes[start + 5]) != nil, bytes[start + 6] == UInt8(ascii: "."),
      ASCII.decimalValue(bytes[start + 7]) != nil
    else { throw .badRequest(.requestLine) }
    throw .unsupportedVersion
  }
}
