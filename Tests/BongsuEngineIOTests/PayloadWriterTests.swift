import BongsuEngineIO
import NIOCore
import Testing

@Suite struct PayloadWriterTests {
  @Test func joinsPacketsWithTheSeparator() {
    var body = ByteBuffer()
    PayloadWriter.append(.message, ByteBuffer(string: "hello").readableBytesSpan, to: &body)
    PayloadWriter.append(.ping, to: &body)
    PayloadWriter.append(binary: ByteBuffer(bytes: [1, 2, 3, 4]).readableBytesSpan, to: &body)
    PayloadWriter.append(packet: ByteBuffer(string: "42[\"봉수\"]").readableBytesSpan, to: &body)
    #expect(String(buffer: body) == "4hello\u{1E}2\u{1E}bAQIDBA==\u{1E}42[\"봉수\"]")
  }

  @Test func theFirstPacketHasNoSeparator() {
    var body = ByteBuffer()
    PayloadWriter.append(.noop, to: &body)
    #expect(String(buffer: body) == "6")
    PayloadWriter.append(.close, to: &body)
    #expect(String(buffer: body) == "6\u{1E}1")
  }

  @Test func anEmptyBinaryMessageIsABareMarker() {
    var body = ByteBuffer()
    PayloadWriter.append(binary: ByteBuffer().readableBytesSpan, to: &body)
    #expect(String(buffer: body) == "b")
  }

  @Test func whatIsWrittenIsReadAgain() {
    var body = ByteBuffer()
    for count in 0..<50 {
      PayloadWriter.append(.message, ByteBuffer(repeating: 0x61, count: count).readableBytesSpan, to: &body)
    }
    var reader = PayloadReader()
    for count in 0..<50 {
      guard case .packet(.message, let data) = reader.next(in: body.readableBytesSpan) else {
        Issue.record("packet \(count) is missing")
        return
      }
      #expect(data.count == count)
    }
    let end = reader.next(in: body.readableBytesSpan)
    #expect(end == nil)
  }
}
