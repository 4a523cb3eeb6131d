import BongsuHTTP
import Testing

@Suite struct ChunkedBodyTests {
  static let documents = [
    ("0\r\n\r\n", ""),
    ("5\r\nHello\r\n0\r\n\r\n", "Hello"),
    ("5\r\nHello\r\n7\r\n, world\r\n0\r\n\r\n", "Hello, world"),
    ("00c;a=b;c=\"d e\"\r\nHello, world\r\n000;x\r\nTrailer: a\r\nB:\r\n\r\n", "Hello, world"),
    ("A\r\n0123456789\r\na\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n", "0123456789\r\n\r\n\r\n\r\n\r\n"),
    ("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0000000000000000\r\n\r\n", "abc"),
  ]

  @Test(arguments: documents)
  func readsTheSameAtEverySplit(_ text: String, _ body: String) throws {
    let wire = Array((text + "GET").utf8)
    for first in 0...wire.count {
      for second in first...wire.count {
        let pieces = [wire[..<first], wire[first..<second], wire[second...]]
        #expect(try #require(try readBody(.chunked, pieces: pieces)) == (body, "GET"), "\(first), \(second)")
      }
    }
    let bytes = wire.indices.map { wire[$0...$0] }
    #expect(try #require(try readBody(.chunked, pieces: bytes)) == (body, "GET"))
  }

  @Test(arguments: documents)
  func waitsForTheLastByte(_ text: String, _ body: String) throws {
    let wire = Array(text.utf8)
    for count in 0..<wire.count {
      #expect(try readBody(.chunked, pieces: [wire[..<count]]) == nil)
    }
  }

  @Test(arguments: [
    ("\r\n", Malformation.chunkSize), (";a\r\n", .chunkSize), ("+5\r\n", .chunkSize), ("-5\r\n", .chunkSize),
    (" 5\r\n", .chunkSize), ("5 \r\n", .chunkSize), ("5 ;a\r\n", .chunkSize), ("0x5\r\n", .chunkSize),
    ("g\r\n", .chunkSize), ("5_0\r\n", .chunkSize), ("00000000000000001\r\n", .chunkSize),
    ("10000000000000000\r\n", .chunkSize), ("\n", .chunkSize), ("5\n", .bareLineFeed),
    ("5\rX", .bareCarriageReturn), ("5;a\nHello", .bareLineFeed), ("5;\0\r\n", .chunkExtension),
    ("5;\u{7F}\r\n", .chunkExtension), ("5;a\rb\r\n", .bareCarriageReturn), ("5\r\nHello0\r\n", .chunkEnd),
    ("5\r\nHello\n0\r\n", .chunkEnd), ("5\r\nHello\rX", .chunkEnd), ("5\r\nHelloX\r\n0\r\n", .chunkEnd),
    ("0\r\n\n", .bareLineFeed), ("0\r\n\rX", .bareCarriageReturn), ("0\r\nX\r\n\r\n", .trailer),
    ("0\r\n X: y\r\n\r\n", .trailer), ("0\r\n: y\r\n\r\n", .trailer), ("0\r\nX : y\r\n\r\n", .trailer),
    ("0\r\nX: \0\r\n\r\n", .trailer), ("0\r\nX: y\n\r\n", .bareLineFeed), ("0\r\nX: y\rZ", .bareCarriageReturn),
  ])
  func refusesMalformedFraming(_ text: String, _ malformation: Malformation) {
    let wire = Array(text.utf8)
    for cut in 0...wire.count {
      #expect(throws: HTTPError.badRequest(malformation)) {
        try readBody(.chunked, pieces: [wire[..<cut], wire[cut...]])
      }
    }
  }

  @Test(arguments: ["3e9\r\n", "7fffffffffffffff\r\n", "8000000000000000\r\n", "ffffffffffffffff\r\n"])
  func refusesAChunkOverTheLimitBeforeItsDataComes(_ text: String) {
    #expect(throws: HTTPError.bodyTooLarge) { try readBody(.chunked, pieces: [Array(text.utf8)[...]]) }
  }

  @Test func addsTheChunksUp() throws {
    let wire = Array("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n".utf8)[...]
    #expect(try #require(try readBody(.chunked, limit: 5, pieces: [wire])) == ("abcde", ""))
    #expect(throws: HTTPError.bodyTooLarge) { try readBody(.chunked, limit: 4, pieces: [wire]) }
  }

  @Test func boundsTheExtensionsOfAChunk() throws {
    func body(_ count: Int) -> ArraySlice<UInt8> {
      Array(("1;" + String(repeating: "e", count: count) + "\r\na\r\n0\r\n\r\n").utf8)[...]
    }
    #expect(try #require(try readBody(.chunked, pieces: [body(255)])) == ("a", ""))
    #expect(throws: HTTPError.badRequest(.chunkExtension)) { try readBody(.chunked, pieces: [body(256)]) }
  }

  @Test func boundsTheExtensionsOfABody() throws {
    func body(_ chunks: Int) -> ArraySlice<UInt8> {
      let chunk = "1;" + String(repeating: "e", count: 128) + "\r\na\r\n"
      return Array((String(repeating: chunk, count: chunks) + "0\r\n\r\n").utf8)[...]
    }
    #expect(try readBody(.chunked, pieces: [body(128)]) != nil)
    #expect(throws: HTTPError.badRequest(.chunkExtension)) { try readBody(.chunked, pieces: [body(129)]) }
  }

  @Test func boundsTheTrailers() throws {
    func body(_ count: Int) -> ArraySlice<UInt8> {
      Array(("0\r\nT:" + String(repeating: "t", count: count - 6) + "\r\n\r\n").utf8)[...]
    }
    #expect(try readBody(.chunked, pieces: [body(8_191)]) != nil)
    #expect(throws: HTTPError.headTooLarge) { try readBody(.chunked, pieces: [body(8_200)]) }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func readsWhatAnObviousEncoderWrote(_ seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    var (body, wire) = ("", "")
    for _ in 0..<Int.random(in: 0...8, using: &generator) {
      let data = String(repeating: "d", count: Int.random(in: 1...100, using: &generator))
      body += data
      wire += String(data.utf8.count, radix: 16, uppercase: Bool.random(using: &generator)) + "\r\n" + data + "\r\n"
    }
    var rest = Array((wire + "0\r\n\r\n").utf8)[...]
    var pieces: [ArraySlice<UInt8>] = []
    while !rest.isEmpty {
      pieces.append(rest.prefix(Int.random(in: 1...40, using: &generator)))
      rest = rest.dropFirst(pieces[pieces.count - 1].count)
    }
    #expect(try #require(try readBody(.chunked, pieces: pieces)) == (body, ""))
  }
}
