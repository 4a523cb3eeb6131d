import BongsuEngineIO
import NIOCore
import Testing

private func packets(_ body: ByteBuffer, _ form: PayloadReader.Form) -> [EnginePacket] {
  var reader = PayloadReader(form)
  var packets: [EnginePacket] = []
  while let packet = reader.next(in: body.readableBytesSpan) { packets.append(packet) }
  return packets
}

private func counted(_ body: String) -> [EnginePacket] { packets(ByteBuffer(string: body), .counted) }
private func binary(_ body: [UInt8]) -> [EnginePacket] { packets(ByteBuffer(bytes: body), .binary) }

/// Engine.IO 3, Encoding: bodies of text.
@Suite struct CountedPayloadTests {
  @Test func eachPacketHasItsLengthInFront() {
    #expect(counted("6:4hello1:2") == [.packet(.message, data: 3..<8), .packet(.ping, data: 11..<11)])
    #expect(counted("6:4hello10:b4AQIDBA==") == [.packet(.message, data: 3..<8), .binary(base64: 13..<21)])
  }

  @Test func lengthsCountUTF16Units() {
    #expect(counted("3:4봉수1:2") == [.packet(.message, data: 3..<9), .packet(.ping, data: 12..<12)])
    #expect(counted("3:4🔥1:2") == [.packet(.message, data: 3..<7), .packet(.ping, data: 10..<10)])
    #expect(counted("2:4é") == [.packet(.message, data: 3..<5)])
  }

  @Test(arguments: [
    "", "abc", ":", ":4", "6", "6:", "6:4hell", "-1:4", "+1:4", " 1:4", "1 :4", "1e0:4", "0x1:4", "1.0:4", "4hello",
    "2:4🔥", "2:4", "99999999999999999999999:4", "9223372036854775807:4", "18446744073709551616:4", "1:x", "1:b", "2:b9",
    "2:bb", "١:4",
  ])
  func thisIsNoBody(body: String) { #expect(counted(body) == [.invalid]) }

  @Test func nothingIsReadBehindWhatIsInvalid() {
    #expect(counted("2:4a3:abc2:4b") == [.packet(.message, data: 3..<4), .invalid])
    #expect(counted("2:4a2:4") == [.packet(.message, data: 3..<4), .invalid])
    #expect(counted("2:4ax") == [.packet(.message, data: 3..<4), .invalid])
  }

  @Test func packetsOfNoLengthArePassedOver() {
    #expect(counted("0:") == [] && counted("0:0:1:20:") == [.packet(.ping, data: 7..<7)])
    #expect(counted(String(repeating: "0:", count: 200_000)) == [])
  }

  @Test func leadingZerosAreDigits() { #expect(counted("0001:2") == [.packet(.ping, data: 6..<6)]) }

  @Test func base64OfAnotherTypeIsThatType() { #expect(counted("6:b1AQID") == [.packet(.close, data: 4..<8)]) }

  @Test func whatIsWrittenCanBeRead() {
    var body = ByteBuffer()
    PayloadWriter.Counted.append(packet: ByteBuffer(string: "4봉🔥é").readableBytesSpan, to: &body)
    PayloadWriter.Counted.append(binary: ByteBuffer(bytes: [1, 2, 3, 4]).readableBytesSpan, to: &body)
    PayloadWriter.Counted.append(binary: ByteBuffer().readableBytesSpan, to: &body)
    #expect(String(buffer: body) == "5:4봉🔥é10:b4AQIDBA==2:b4")
    #expect(packets(body, .counted).count == 3)
  }
}

/// Engine.IO 3, Encoding: bodies of bytes.
@Suite struct BinaryPayloadTests {
  @Test func textAndBytesHaveTheirLengthInFront() {
    #expect(
      binary([0, 6, 255, 52, 104, 101, 108, 108, 111, 1, 5, 255, 4, 1, 2, 3, 4]) == [
        .packet(.message, data: 4..<9), .bytes(13..<17),
      ])
  }

  @Test func lengthsAreDecimalDigitsAndCountBytes() {
    let long = [UInt8](repeating: 7, count: 129)
    #expect(binary([1, 1, 3, 0, 255, 4] + long) == [.bytes(6..<135)])
    #expect(binary([0, 4, 255, 0x34, 0xEB, 0xB4, 0x89]) == [.packet(.message, data: 4..<7)])
  }

  @Test(
    arguments: [
      [], [0], [1], [0, 255], [0, 1], [2, 1, 255, 50], [0, 10, 255, 50], [0, 2, 255, 50], [0, 1, 255, 9],
      [1, 1, 255, 7],
      [1, 1, 255, 0x34], [0, 0, 255], [1, 0, 255], [0, 2, 255, 0x34, 0xFF], [0, 0x31, 255, 50], [54, 58, 52, 104],
      [0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 255, 50],
    ] as [[UInt8]])
  func thisIsNoBody(body: [UInt8]) { #expect(binary(body) == [.invalid]) }

  @Test func bytesOfAnotherTypeAreThatType() {
    #expect(binary([1, 1, 255, 2, 1, 2, 255, 1, 9]) == [.packet(.ping, data: 4..<4), .packet(.close, data: 8..<9)])
  }

  @Test func whatIsWrittenCanBeRead() {
    var body = ByteBuffer()
    PayloadWriter.Binary.append(packet: ByteBuffer(string: "4hello").readableBytesSpan, to: &body)
    PayloadWriter.Binary.append(binary: ByteBuffer(bytes: [1, 2, 3, 4]).readableBytesSpan, to: &body)
    #expect(Array(body.readableBytesView) == [0, 6, 255, 52, 104, 101, 108, 108, 111, 1, 5, 255, 4, 1, 2, 3, 4])
    body.clear()
    PayloadWriter.Binary.append(binary: ByteBuffer(repeating: 9, count: 129).readableBytesSpan, to: &body)
    #expect(Array(body.readableBytesView.prefix(6)) == [1, 1, 3, 0, 255, 4] && body.readableBytes == 135)
  }
}

/// Engine.IO 3, Packet encoding: WebSocket messages.
@Suite struct Version3PacketTests {
  private func packet(_ text: String) -> EnginePacket {
    EnginePacket(decoding: ByteBuffer(string: text).readableBytesSpan, isText: true, .version3)
  }

  private func packet(_ bytes: [UInt8], _ dialect: EngineDialect = .version3) -> EnginePacket {
    EnginePacket(decoding: ByteBuffer(bytes: bytes).readableBytesSpan, isText: false, dialect)
  }

  @Test func binaryMessagesHaveTheirTypeInFront() {
    #expect(packet([4, 1, 2, 3, 4]) == .bytes(1..<5) && packet([4]) == .bytes(1..<1))
    #expect(packet([2]) == .packet(.ping, data: 1..<1))
    #expect(packet([]) == .invalid && packet([7]) == .invalid && packet([0x34, 1]) == .invalid)
    #expect(packet([4, 1], .version4) == .bytes(0..<2) && packet([4, 1], .version3Text) == .bytes(1..<2))
  }

  @Test func textMessagesMayBeBase64() {
    #expect(packet("4hello") == .packet(.message, data: 1..<6) && packet("b4AQ==") == .binary(base64: 2..<6))
    #expect(packet("b2") == .packet(.ping, data: 2..<2) && packet("2probe") == .packet(.ping, data: 1..<6))
    for text in ["", "b", "bb4", "b7", "7", "x"] { #expect(packet(text) == .invalid, "\(text)") }
  }

  @Test func theHandshakeNamesNoLargestPayload() {
    let handshake = EngineHandshake(sid: "x", upgrades: [], pingInterval: 300, pingTimeout: 200, maxPayload: nil)
    #expect(String(buffer: handshake.packet()) == #"0{"sid":"x","upgrades":[],"pingInterval":300,"pingTimeout":200}"#)
  }
}
