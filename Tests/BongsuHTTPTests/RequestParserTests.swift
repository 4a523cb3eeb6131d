import BongsuHTTP
import NIOCore
import Testing

@Suite struct RequestParserTests {
  @Test(arguments: validRequests)
  func readsTheSameAtEverySplit(_ text: String) throws {
    let bytes = Array(text.utf8)
    let expected = Summary(try parse(bytes))
    for cut in 0..<bytes.count {
      var parser = RequestParser()
      var input = ByteBuffer(bytes: bytes[..<cut])
      #expect(try parser.parse(&input) == nil)
      input.writeBytes(bytes[cut...])
      input.writeString("next")
      let head = try #require(try parser.parse(&input), "cut at \(cut)")
      #expect(Summary(head) == expected, "cut at \(cut)")
      #expect(String(buffer: input) == "next", "cut at \(cut)")
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func readsPipelinedRequestsAtRandomSplits(_ seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    let texts = (0..<6).map { _ in validRequests.randomElement(using: &generator) ?? "" }
    let expected = try texts.map { Summary(try parse($0)) }
    var wire = Array(texts.joined().utf8)[...]
    var parser = RequestParser()
    var input = ByteBuffer()
    var heads: [Summary] = []
    while !wire.isEmpty {
      let piece = wire.prefix(Int.random(in: 1...90, using: &generator))
      wire = wire.dropFirst(piece.count)
      input.writeBytes(piece)
      while let head = try parser.parse(&input) { heads.append(Summary(head)) }
    }
    #expect(heads == expected)
    #expect(input.readableBytes == 0)
  }

  @Test func consumesNothingOfAHeadThatIsNotComplete() throws {
    var parser = RequestParser()
    var input = ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n")
    #expect(!parser.isInsideHead)
    #expect(try parser.parse(&input) == nil)
    #expect(input.readableBytes == 25)
    #expect(parser.isInsideHead)
    input.writeString("\r\nbody")
    let head = try #require(try parser.parse(&input))
    #expect(String(buffer: head.bytes) == "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(String(buffer: input) == "body")
    #expect(!parser.isInsideHead)
  }

  @Test func worksInTheMiddleOfABuffer() throws {
    var parser = RequestParser()
    var input = ByteBuffer(string: "....GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n")
    input.moveReaderIndex(forwardBy: 4)
    let head = try #require(try parser.parse(&input))
    #expect(head.path == "/a")
    #expect(head.query == "b")
    #expect(head.queryItems["b"] == "")
    #expect(head["host"] == "a")
  }

  @Test func toleratesFourEmptyLinesBeforeEachRequest() throws {
    let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    let lines = "\r\n\r\n\r\n\r\n"
    var parser = RequestParser()
    var input = ByteBuffer(string: lines + request + lines + request)
    #expect(try parser.parse(&input) != nil)
    #expect(try parser.parse(&input) != nil)
    #expect(refusal(of: "\r\n" + lines + request) == .badRequest(.requestLine))
    #expect(refusal(of: "\n" + request) == .badRequest(.bareLineFeed))
    #expect(refusal(of: "\r" + request) == .badRequest(.bareCarriageReturn))
  }

  @Test func looksAtNoLineTwice() throws {
    let head = Array("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX: y\r\n\r\n".utf8)
    var parser = RequestParser()
    var lineStart = 0
    for count in 1...head.count {
      // What was read may be anything now.
      var input = ByteBuffer(repeating: 0, count: lineStart)
      input.writeBytes(head[lineStart..<count])
      let parsed = try parser.parse(&input)
      #expect((parsed != nil) == (count == head.count))
      #expect(parsed?.framing ?? .length(3) == .length(3))
      if count > 0, head[count - 1] == 0x0A { lineStart = count }
    }
  }

  @Test(arguments: ["GET /", "GET / HTTP/1.1\r\nHost: a\r\nX", "GET / HTTP/1.1\r\nHost: a\r\nX: "])
  func takesLinearTimeByteByByte(_ start: String) throws {
    let limits = HTTPLimits(headBytes: 65_535, targetBytes: 65_535)
    var parser = RequestParser(limits: limits)
    var input = ByteBuffer(string: start)
    let started = ContinuousClock.now
    while input.readableBytes < 65_000 {
      input.writeInteger(UInt8(ascii: "a"))
      #expect(try parser.parse(&input) == nil)
    }
    // 65 000 calls; looking at everything in each would be two thousand million looks.
    #expect(ContinuousClock.now - started < .seconds(5))
  }

  @Test func readsAHeadOfManyCommasInLinearTime() throws {
    let commas = String(repeating: " ,\t", count: 21_000)
    let text = "GET / HTTP/1.1\r\nHost: a\r\nConnection: \(commas)close\r\n\r\n"
    let started = ContinuousClock.now
    let head = try parse(text, limits: HTTPLimits(headBytes: 65_535))
    #expect(!head.keepsAlive)
    #expect(head.hasElement("close", in: "connection"))
    #expect(ContinuousClock.now - started < .seconds(5))
  }
}
