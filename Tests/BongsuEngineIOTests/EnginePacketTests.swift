import BongsuEngineIO
import NIOCore
import Testing

func decode(_ text: String) -> EnginePacket {
  EnginePacket(decoding: ByteBuffer(string: text).readableBytesSpan)
}

@Suite struct EnginePacketTests {
  @Test func readsEveryTypeDigit() {
    let types: [(String, EnginePacketType)] = [
      ("0", .open), ("1", .close), ("2", .ping), ("3", .pong), ("4", .message), ("5", .upgrade), ("6", .noop),
    ]
    for (digit, type) in types {
      #expect(decode(digit) == .packet(type, data: 1..<1))
      #expect(decode(digit + "probe") == .packet(type, data: 1..<6))
    }
  }

  @Test func readsBinaryAsBase64WithoutTypeDigit() {
    #expect(decode("bAQIDBA==") == .binary(base64: 1..<9))
    #expect(decode("b") == .binary(base64: 1..<1))
  }

  @Test func refusesEmptyPacketsAndUnknownTypes() {
    #expect(decode("") == .invalid)
    for text in ["7", "9", "abc", "B", " 4", "\u{0}", "\u{1E}", "봉"] {
      #expect(decode(text) == .invalid, "\(text)")
    }
  }

  @Test func everyOtherFirstByteIsInvalid() {
    for byte in UInt8.min...UInt8.max where !(0x30...0x36).contains(byte) && byte != 0x62 {
      #expect(EnginePacket(decoding: ByteBuffer(bytes: [byte, 0x41]).readableBytesSpan) == .invalid)
    }
  }

  @Test func countsFromTheStartOfTheWholeBody() {
    let body = ByteBuffer(string: "2\u{1E}4hello")
    #expect(EnginePacket(decoding: body.readableBytesSpan, range: 2..<8) == .packet(.message, data: 3..<8))
  }
}
