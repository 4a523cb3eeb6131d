import BongsuMessagePack
import NIOCore
import Testing

@Suite struct MessagePackWriterTests {
  @Test(arguments: [
    (0, "00"), (127, "7f"), (128, "cc 80"), (255, "cc ff"), (256, "cd 01 00"), (65_535, "cd ff ff"),
    (65_536, "ce 00 01 00 00"), (4_294_967_295, "ce ff ff ff ff"), (4_294_967_296, "cf 00 00 00 01 00 00 00 00"),
    (-1, "ff"), (-32, "e0"), (-33, "d0 df"), (-128, "d0 80"), (-129, "d1 ff 7f"), (-32_768, "d1 80 00"),
    (-32_769, "d2 ff ff 7f ff"), (-2_147_483_648, "d2 80 00 00 00"), (-2_147_483_649, "d3 ff ff ff ff 7f ff ff ff"),
    (Int64.max, "cf 7f ff ff ff ff ff ff ff"),
  ])
  func integersAreShort(number: Int64, digits: String) throws {
    #expect(try written(.integer(number)) == hex(digits).bytes)
  }

  @Test func numbersAreJavaScripts() throws {
    #expect(
      try written(.number(1)) == [1] && written(.number(-0.0)) == [0] && written(.number(-1e3)) == [0xD1, 0xFC, 0x18])
    #expect(try written(.number(1.5)) == hex("cb 3f f8 00 00 00 00 00 00").bytes)
    #expect(try written(.number(0x1p53)) == hex("cf 00 20 00 00 00 00 00 00").bytes)
    #expect(try written(.number(0x1p60)) == hex("cb 43 b0 00 00 00 00 00 00").bytes)
    #expect(try written(.number(.infinity)) == hex("cb 7f f0 00 00 00 00 00 00").bytes)
    #expect(try written(.unsigned(.max)) == hex("cf ff ff ff ff ff ff ff ff").bytes)
  }

  @Test(arguments: [
    (0, "a0"), (31, "bf"), (32, "d9 20"), (255, "d9 ff"), (256, "da 01 00"), (65_535, "da ff ff"),
    (65_536, "db 00 01 00 00"),
  ])
  func stringsHaveShortHeads(count: Int, head: String) throws {
    let text = String(repeating: "x", count: count)
    #expect(try written(.string(text)) == hex(head).bytes + Array(text.utf8))
  }

  @Test(arguments: [
    (0, "c4 00"), (255, "c4 ff"), (256, "c5 01 00"), (65_535, "c5 ff ff"), (65_536, "c6 00 01 00 00"),
  ])
  func bytesHaveShortHeads(count: Int, head: String) throws {
    let bytes = [UInt8](repeating: 0xA5, count: count)
    #expect(try written(.binary(ByteBuffer(bytes: bytes))) == hex(head).bytes + bytes)
  }

  @Test(arguments: [
    (0, "90", "80"), (15, "9f", "8f"), (16, "dc 00 10", "de 00 10"), (65_535, "dc ff ff", "de ff ff"),
    (65_536, "dd 00 01 00 00", "df 00 01 00 00"),
  ])
  func containersHaveShortHeads(count: Int, array: String, map: String) throws {
    let elements = Array(repeating: MessagePackValue.null, count: count)
    #expect(try written(.array(elements)) == hex(array).bytes + [UInt8](repeating: 0xC0, count: count))
    let members = elements.map { MessagePackValue.Member("", $0) }
    #expect(try written(.map(members)) == hex(map).bytes + (0..<count).flatMap { _ in [0xA0, 0xC0] as [UInt8] })
  }

  @Test(arguments: [
    (0, 0, "d6 ff 00 00 00 00"), (4_294_967_295, 0, "d6 ff ff ff ff ff"),
    (4_294_967_296, 0, "d7 ff 00 00 00 01 00 00 00 00"),
    (1, 1, "d7 ff 00 00 00 04 00 00 00 01"), (17_179_869_183, 999_999_999, "d7 ff ee 6b 27 ff ff ff ff ff"),
    (17_179_869_184, 0, "c7 0c ff 00 00 00 00 00 00 00 04 00 00 00 00"),
    (-1, 5, "c7 0c ff 00 00 00 05 ff ff ff ff ff ff ff ff"),
  ])
  func datesAreShort(seconds: Int64, nanoseconds: UInt32, digits: String) throws {
    let date = try #require(MessagePackDate(seconds: seconds, nanoseconds: nanoseconds))
    #expect(try written(.date(date)) == hex(digits).bytes)
    #expect(value(digits) == .date(date))
  }

  /// What @socket.io/redis-adapter writes: a broadcast, a request for acknowledgements, and an answer.
  @Test func theReferencesOwnBytesComeBack() throws {
    for golden in [
      """
      93 aa 666978747572652d6964 83 a474797065 02 a464617461 92 a76d657373616765 a568656c6c6f a36e7370 a12f
      83 a5726f6f6d73 90 a6657863657074 90 a5666c616773 80
      """,
      """
      85a3756964aa666978747572652d6964a9726571756573744964aa666978747572652d6964a47479706507a67061636b657483a474797065
      02a46461746192a5696d616765c40200ffa36e7370a52f63686174a46f70747383a5726f6f6d7391a6726f6f6d2d31a66578636570
      7490a5666c61677381a774696d656f757401
      """,
      "83a47479706509a9726571756573744964a3726571a67061636b6574c40200ff",
    ] {
      let tree = try #require(value(golden))
      #expect(try written(tree) == hex(golden).bytes)
    }
    let broadcast = value(
      "93 aa 666978747572652d6964 83 a474797065 02 a464617461 92 a76d657373616765 a568656c6c6f a36e7370 a12f 80")
    #expect(
      broadcast
        == .array([
          .string("fixture-id"),
          .map([
            .init("type", .integer(2)), .init("data", .array([.string("message"), .string("hello")])),
            .init("nsp", .string("/")),
          ]), .map([]),
        ]))
  }

  @Test func depthIsLimitedWhenWriting() throws {
    var tree = MessagePackValue.integer(1)
    for _ in 0..<128 { tree = .array([tree]) }
    #expect(try written(tree).count == 129)
    #expect(throws: MessagePackError.tooDeep) { try written(.map([.init("a", tree)])) }
  }
}
