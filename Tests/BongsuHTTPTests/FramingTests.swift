import BongsuHTTP
import Testing

@Suite struct FramingTests {
  @Test(arguments: [
    ("", BodyFraming.none), ("Content-Length: 0\r\n", .length(0)), ("Content-Length: 12\r\n", .length(12)),
    ("Content-Length:\t 007 \r\n", .length(7)), ("content-length: 9223372036854775807\r\n", .length(.max)),
    ("Transfer-Encoding: chunked\r\n", .chunked), ("TRANSFER-ENCODING: CHUNKED\r\n", .chunked),
  ])
  func findsTheFraming(_ fields: String, _ framing: BodyFraming) throws {
    #expect(try parse("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").framing == framing)
    #expect(try parse("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").framing == framing)
  }

  @Test(arguments: [
    "", "+5", "-5", "5,", "5, 5", "5 5", "0x5", "5.0", "5e1", "five", "9223372036854775808",
    "18446744073709551616", "99999999999999999999999999999999999999", "\u{665}",
  ])
  func refusesContentLengthsThatAreNoDecimalNumber(_ value: String) {
    let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(value)\r\n\r\n"
    #expect(refusal(of: text) == .badRequest(.invalidContentLength))
  }

  @Test(arguments: ["5", "6"])
  func refusesTwoContentLengthsAlikeOrNot(_ second: String) {
    let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: \(second)\r\n\r\n"
    #expect(refusal(of: text) == .badRequest(.repeatedContentLength))
  }

  @Test(arguments: [
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "Content-Length: 0\r\nTransfer-Encoding: x\r\n",
  ])
  func refusesLengthTogetherWithCoding(_ fields: String) {
    #expect(refusal(of: "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n") == .badRequest(.lengthAndCoding))
  }

  @Test(arguments: [
    "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "chunked,", "xchunked", "chunked;a=b", "identity",
    "", "\"chunked\"", "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: identity",
  ])
  func refusesCodingsOtherThanChunkedAlone(_ value: String) {
    let text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \(value)\r\n\r\n"
    #expect(refusal(of: text) == .unsupportedTransferCoding)
  }

  @Test func refusesCodingsInOldRequests() {
    let text = "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    #expect(refusal(of: text) == .badRequest(.codingInOldVersion))
  }
}
