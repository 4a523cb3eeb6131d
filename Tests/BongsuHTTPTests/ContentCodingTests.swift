import BongsuHTTP
import NIOCore
import Testing

@Suite struct ContentCodingTests {
  @Test(arguments: [
    "gzip", "GZIP", "gzip, deflate", "gzip, deflate, br", "deflate;q=0.5, gzip", "*", "identity, *;q=0.1",
    "br;q=1.0, gzip;q=0.8, *;q=0.1", "deflate;q=0, *", "gzip;q=1.000", "gzip ; q=0.001", "gzip;level=9;q=1",
    "deflate;q=x, gzip;q=0.1", ",, gzip ,", "gzip;q=1;x",
  ])
  func thisAsksForGzip(value: String) { #expect(ContentCoding(accepted: [value]) == .gzip) }

  @Test(arguments: ["deflate", "deflate, gzip", "gzip;q=0.5, deflate;q=0.6", "gzip;q=0, *", "gzip;q=0, deflate;q=0.1"])
  func thisAsksForDeflate(value: String) { #expect(ContentCoding(accepted: [value]) == .deflate) }

  @Test(arguments: [
    "", "identity", "br", "gzip;q=0", "gzip;q=0.000, deflate;q=0", "*;q=0", "gzip;q=2", "gzip;q=", "gzip;q=-1",
    "gzip;q=0.0001", "gzip;q=1.1.1", "x-gzip", "gzipp", "gzip x", ";q=1", "gzip;q=0.5x",
  ])
  func thisAsksForNeither(value: String) { #expect(ContentCoding(accepted: [value]) == nil) }

  @Test func severalFieldsAreOneList() {
    #expect(ContentCoding(accepted: ["deflate;q=0.1", "gzip"]) == .gzip && ContentCoding(accepted: []) == nil)
  }

  @Test(arguments: [
    ("br", "br"), ("gzip, deflate, br", "br"), ("gzip, deflate, br, zstd", "br"), ("*", "br"),
    ("gzip, deflate", "gzip"), ("deflate, gzip", "gzip"), ("br;q=0.5, gzip", "gzip"),
    ("deflate;q=0.9, gzip;q=0.8, br;q=0.1", "deflate"),
    ("br;q=0, *", "gzip"), ("BR", "br"), ("br;q=0.001", "br"),
  ])
  func whatIsCompressedOnceComesByBrotliIfItMay(value: String, name: String) {
    #expect(ContentCoding.preferred(accepted: [value])?.rawValue == name)
  }

  @Test(arguments: ["", "identity", "zstd", "br;q=0", "br;q=2", "brotli", "*;q=0", "br;q=0, gzip;q=0, deflate;q=0"])
  func thisAsksForNone(value: String) { #expect(ContentCoding.preferred(accepted: [value]) == nil) }

  /// Magic numbers: RFC 1952 §2.3.1, RFC 1950 §2.2.
  @Test func theBodyHasTheFormatThatTheNameSays() throws {
    let body = ByteBuffer(string: String(repeating: "봉수 relay ", count: 500))
    let gzip = try #require(ContentCoding.gzip.encode(body, level: 6))
    let deflate = try #require(ContentCoding.deflate.encode(body, level: 6))
    #expect(Array(gzip.readableBytesView.prefix(3)) == [0x1F, 0x8B, 8])
    #expect(Array(deflate.readableBytesView.prefix(2)) == [0x78, 0x9C])
    #expect(gzip.readableBytes < 200 && deflate.readableBytes == gzip.readableBytes - 12)
    // The last four bytes of gzip are the length.
    let count = gzip.readableBytesView.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(count == body.readableBytes)
  }

  /// Brotli has no magic number: RFC 7932 §9.1 begins with the window's size, 22 bits as 1 and 5, and the last block's
  /// mark. What a browser makes of it is tested from outside.
  @Test func brotliIsTheSmallest() throws {
    let body = ByteBuffer(string: (0..<500).map { "socket.on(event\($0 % 7), (\($0)) => relay(\($0 * $0)));" }.joined())
    let sizes = ContentCoding.allCases.map { $0.encode(body, level: 9)?.readableBytes ?? .max }
    #expect(sizes[0] < sizes[2] && sizes[2] < sizes[1] && sizes[1] < body.readableBytes / 3)
    let brotli = try #require(ContentCoding.brotli.encode(body, level: 9)?.readableBytesView.first)
    #expect(brotli & 0x0F == 0x0B)
  }

  @Test func whatDoesNotBecomeShorterIsLeftAlone() {
    #expect(ContentCoding.brotli.encode(ByteBuffer(string: "4"), level: 9) == nil)
    #expect(ContentCoding.gzip.encode(ByteBuffer(string: "4"), level: 9) == nil)
    #expect(ContentCoding.deflate.encode(ByteBuffer(), level: 1) == nil)
  }
}
