import NIOCore

/// Finds the answers in what an HTTP server sends. They have a Content-Length, or no body.
struct ResponseReader {
  private var pending = ByteBuffer()

  /// What came behind the last answer, once the server has left HTTP.
  var rest: ByteBuffer { pending }

  mutating func append(_ bytes: ByteBuffer) { pending.writeImmutableBuffer(bytes) }

  /// The next answer, when all of it is there. Throws when it is none.
  mutating func next() throws(TestKitError) -> TestResponse? {
    let bytes = pending.readableBytesView
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
      throw .unexpected("this is no answer of HTTP: \(head)")
    }
    let headers = lines.dropFirst().map { line in
      let (name, value) = (line.prefix { $0 != ":" }, line.drop { $0 != ":" }.dropFirst())
      return TestResponse.Header(name: String(name), value: value.trimmed)
    }
    let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
    let headCount = end.upperBound - bytes.startIndex
    guard pending.readableBytes >= headCount + length else { return nil }
    pending.moveReaderIndex(forwardBy: headCount)
    let body = pending.readBytes(length: length) ?? []
    return TestResponse(status: status, headers: headers, body: body)
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
