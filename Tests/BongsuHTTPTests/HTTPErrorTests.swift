import BongsuHTTP
import NIOCore
import Testing

@Suite struct HTTPErrorTests {
  @Test(arguments: [
    (HTTPError.badRequest(.missingHost), 400), (.bodyTooLarge, 413), (.targetTooLong, 414),
    (.expectationFailed, 417), (.headTooLarge, 431), (.unsupportedTransferCoding, 501), (.unsupportedVersion, 505),
  ])
  func hasAStatus(_ error: HTTPError, _ status: Int) {
    #expect(error.status == status)
    #expect(error.message.hasSuffix("."))
  }

  @Test func isAnsweredAsPlainTextAndClosesTheConnection() {
    var output = ByteBuffer()
    HTTPResponse.write(.badRequest(.missingHost), into: &output)
    #expect(
      String(buffer: output)
        == "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 26\r\n"
        + "Connection: close\r\n\r\nThe Host field is missing.")
  }

  @Test func explainsEveryMalformationInASentenceOfItsOwn() {
    #expect(Set(Malformation.allCases.map(\.rawValue)).count == Malformation.allCases.count)
    for malformation in Malformation.allCases { #expect(malformation.rawValue.utf8.allSatisfy { 0x20...0x7E ~= $0 }) }
  }
}
