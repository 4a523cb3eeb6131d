import BongsuWebSocket
import NIOCore
import Testing

@Suite struct WebSocketEncoderTests {
  func frame(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
    Array(WebSocketEncoder.frame(opcode, ByteBuffer(bytes: payload).readableBytesSpan).readableBytesView)
  }

  func close(_ code: UInt16?, _ reason: String = "") -> [UInt8] {
    Array(WebSocketEncoder.close(code: code, reason: reason).readableBytesView)
  }

  @Test func writesTheUnmaskedExamplesOfRFC6455Section5_7() {
    #expect(frame(.text, Array("Hello".utf8)) == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
    #expect(frame(.ping, Array("Hello".utf8)) == [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
    #expect(frame(.binary, Array(repeating: 7, count: 256)).prefix(5) == [0x82, 0x7E, 0x01, 0x00, 0x07])
    #expect(
      frame(.binary, Array(repeating: 7, count: 65536)).prefix(11)
        == [0x82, 0x7F, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x07])
  }

  @Test(
    arguments: [
      (0, [0x82, 0x00]), (1, [0x82, 0x01]), (125, [0x82, 0x7D]), (126, [0x82, 0x7E, 0x00, 0x7E]),
      (127, [0x82, 0x7E, 0x00, 0x7F]), (65535, [0x82, 0x7E, 0xFF, 0xFF]),
      (65536, [0x82, 0x7F, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00]),
    ] as [(Int, [UInt8])])
  func usesTheShortestLength(count: Int, header: [UInt8]) {
    let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    #expect(frame(.binary, payload) == header + payload)
    #expect(WebSocketEncoder.headerCount(payload: count) == header.count)
  }

  @Test func appendsFramesBehindEachOther() {
    var buffer = ByteBuffer()
    WebSocketEncoder.append(.text, ByteBuffer(string: "a").readableBytesSpan, to: &buffer)
    WebSocketEncoder.append(.pong, ByteBuffer().readableBytesSpan, to: &buffer)
    #expect(Array(buffer.readableBytesView) == [0x81, 0x01, 0x61, 0x8A, 0x00])
  }

  @Test func writesTheHeaderOfAFragment() {
    var buffer = ByteBuffer()
    buffer.writeWithOutputRawSpan(minimumWritableBytes: 2) { output in
      WebSocketEncoder.writeHeader(.text, isFinal: false, payload: 3, into: &output)
    }
    #expect(Array(buffer.readableBytesView) == [0x01, 0x03])
  }

  @Test func writesCloseFrames() {
    #expect(close(nil, "unheard") == [0x88, 0x00])
    #expect(close(1000) == [0x88, 0x02, 0x03, 0xE8])
    #expect(close(1001, "봉수") == [0x88, 0x08, 0x03, 0xE9, 0xEB, 0xB4, 0x89, 0xEC, 0x88, 0x98])
  }

  @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535] as [UInt16])
  func neverSendsACodeThatMayNotBeSent(code: UInt16) {
    #expect(close(code, "x") == [0x88, 0x00])
  }

  @Test(arguments: ["a", "é", "한", "🙂"])
  func cutsALongReasonAtTheEndOfACharacter(character: String) {
    for start in ["", "x", "xy", "xyz"] {
      let reason = start + String(repeating: character, count: 130)
      let sent = close(1011, reason).dropFirst(4)
      #expect(sent.count <= 123 && sent.count > 123 - character.utf8.count)
      #expect(String(validating: sent, as: UTF8.self).map(reason.hasPrefix) == true)
    }
    #expect(close(1011, String(repeating: "a", count: 123)).count == 127)
  }
}
