import BongsuHTTP
import Testing

@Suite struct StrictnessTests {
  @Test(arguments: [
    ("GET / HTTP/1.1\nHost: a\r\n\r\n", Malformation.bareLineFeed),
    ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
    ("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
    ("GET / HTTP/1.1\r\nX\nHost: a\r\n\r\n", .fieldName),
    ("GET / HTTP/1.1\rHost: a\r\n\r\n", .bareCarriageReturn),
    ("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .bareCarriageReturn),
    ("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", .bareCarriageReturn),
    ("GET / HTTP/1.1\r\nHost: a\r\n\rX", .bareCarriageReturn),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", .controlCharacter),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{B}chunked\r\n\r\n", .controlCharacter),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n", .controlCharacter),
    ("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", .controlCharacter),
    ("\u{16}\u{3}\u{1}", .controlCharacter),
  ])
  func refusesLinesThatOthersMightReadOtherwise(_ text: String, _ malformation: Malformation) {
    #expect(refusal(of: text) == .badRequest(malformation))
  }

  @Test(arguments: [
    ("\r\n\r\n\r\n\r\n\r\n", Malformation.requestLine),
    ("GET\r\n", .requestLine),
    ("GET /\r\n", .requestLine),
    ("GET / \r\n", .requestLine),
    ("GET /a b HTTP/1.1\r\n", .requestLine),
    ("GET / HTTP/1.1 \r\n", .requestLine),
    ("GET /  HTTP/1.1\r\n", .requestLine),
    ("GET / http/1.1\r\n", .requestLine),
    ("GET / HTTP/1.10\r\n", .requestLine),
    ("GET / HTTP/1\r\n", .requestLine),
    ("GET / HTTP/+1.1\r\n", .requestLine),
    ("GET / HTTP/1,1\r\n", .requestLine),
    (" GET / HTTP/1.1\r\n", .method),
    ("G(T / HTTP/1.1\r\n", .method),
    ("GET\t/ HTTP/1.1\r\n", .method),
    ("\u{AC00} / HTTP/1.1\r\n", .method),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1\r\n", .method),
    ("GET  HTTP/1.1\r\n", .target),
    ("GET a HTTP/1.1\r\n", .target),
    ("CONNECT a:443 HTTP/1.1\r\n", .target),
    ("GET ftp://a/ HTTP/1.1\r\n", .target),
    ("GET http:///a HTTP/1.1\r\n", .target),
    ("GET http:// HTTP/1.1\r\n", .target),
    ("GET http://:80/ HTTP/1.1\r\n", .target),
    ("GET http://u@a/ HTTP/1.1\r\n", .target),
    ("GET /#a HTTP/1.1\r\n", .targetCharacter),
    ("GET /\t HTTP/1.1\r\n", .targetCharacter),
    ("GET /\u{E9} HTTP/1.1\r\n", .targetCharacter),
  ])
  func refusesMalformedRequestLines(_ text: String, _ malformation: Malformation) {
    #expect(refusal(of: text) == .badRequest(malformation))
  }

  @Test(arguments: [
    "GET / HTTP/0.9\r\n", "GET / HTTP/1.2\r\n", "GET / HTTP/2.0\r\n", "GET / HTTP/0.0\r\n", "GET / HTTP/9.9\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ])
  func refusesOtherVersions(_ text: String) {
    #expect(refusal(of: text) == .unsupportedVersion)
  }

  @Test(arguments: [
    ("Host: a\r\n b: c", Malformation.foldedLine), ("Host: a\r\n\tb", .foldedLine), (" Host: a", .foldedLine),
    ("Host: a\r\n \r\nX: y", .foldedLine), ("Host : a", .fieldName), ("Host\t: a", .fieldName),
    (": a", .fieldName), ("Host", .fieldName), ("Ho st: a", .fieldName), ("H\u{F6}st: a", .fieldName),
    ("X[]: a", .fieldName), ("X\0: a", .fieldName), ("\0X: a", .controlCharacter), ("X", .fieldName),
    ("\"X\": a", .fieldName),
  ])
  func refusesMalformedFieldLines(_ fields: String, _ malformation: Malformation) {
    #expect(refusal(of: "GET / HTTP/1.1\r\n\(fields)\r\n\r\n") == .badRequest(malformation))
  }

  @Test(arguments: [
    ("", Malformation.missingHost), ("X-Host: a", .missingHost), ("Host: a\r\nHost: a", .repeatedHost),
    ("Host: a\r\nhOST: b", .repeatedHost), ("Host:", .invalidHost), ("Host:  ", .invalidHost),
    ("Host: :80", .invalidHost), ("Host: a b", .invalidHost), ("Host: a/b", .invalidHost),
    ("Host: u@a", .invalidHost), ("Host: \u{E9}", .invalidHost),
  ])
  func wantsExactlyOneHost(_ fields: String, _ malformation: Malformation) {
    let lines = fields.isEmpty ? "" : fields + "\r\n"
    #expect(refusal(of: "GET / HTTP/1.1\r\n\(lines)\r\n") == .badRequest(malformation))
  }

  @Test func wantsAHostNotToBeEmptyInOldRequestsEither() {
    #expect(refusal(of: "GET / HTTP/1.0\r\nHost:\r\n\r\n") == .badRequest(.invalidHost))
  }

  @Test func refusesOtherExpectations() {
    #expect(refusal(of: "POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n") == .expectationFailed)
    #expect(refusal(of: "POST / HTTP/1.1\r\nHost: a\r\nExpect:\r\n\r\n") == .expectationFailed)
  }

  @Test func classifiesEveryByteOfAName() {
    let tokens = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: ":") {
      let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nx".utf8) + [byte] + Array(": y\r\n\r\n".utf8)
      #expect((refusal(of: bytes) == nil) == tokens.contains(byte), "byte \(byte)")
    }
  }

  @Test func classifiesEveryByteOfAValue() {
    for byte in UInt8.min...UInt8.max {
      let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nx: y".utf8) + [byte] + Array("y\r\n\r\n".utf8)
      #expect((refusal(of: bytes) == nil) == (byte == 9 || byte >= 32 && byte != 127), "byte \(byte)")
    }
  }

  @Test func classifiesEveryByteOfATarget() {
    for byte in UInt8.min...UInt8.max {
      let bytes = Array("GET /".utf8) + [byte] + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
      let isAccepted = 0x21...0x7E ~= byte && byte != UInt8(ascii: "#")
      #expect((refusal(of: bytes) == nil) == isAccepted, "byte \(byte)")
    }
  }

  @Test func classifiesEveryByteOfAHost() {
    let allowed = Set("-._~!$&'()*+,;=%[]:0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    for byte in UInt8.min...UInt8.max {
      let bytes = Array("GET / HTTP/1.1\r\nHost: a".utf8) + [byte] + Array("b\r\n\r\n".utf8)
      #expect((refusal(of: bytes) == nil) == allowed.contains(byte), "byte \(byte)")
    }
  }
}
