import BongsuMessagePack
import NIOCore
import Testing

@Suite struct MessagePackReaderTests {
  @Test(arguments: [
    ("00", 0), ("7f", 127), ("cc 80", 128), ("cc 00", 0), ("cd ff ff", 65_535), ("ce ff ff ff ff", 4_294_967_295),
    ("cf 00 00 00 01 00 00 00 00", 4_294_967_296), ("e0", -32), ("ff", -1), ("d0 80", -128), ("d0 05", 5),
    ("d1 80 00", -32_768), ("d2 80 00 00 00", -2_147_483_648), ("d3 80 00 00 00 00 00 00 00", Int64.min),
    ("d3 7f ff ff ff ff ff ff ff", Int64.max),
  ])
  func integersHaveManyForms(digits: String, number: Int64) {
    #expect(value(digits) == .integer(number))
  }

  @Test func numbersBeyondSignedOnesAreUnsigned() {
    #expect(value("cf ff ff ff ff ff ff ff ff") == .unsigned(.max))
    #expect(value("cf 80 00 00 00 00 00 00 00") == .unsigned(1 << 63))
  }

  @Test func scalarsHaveTheirForms() {
    #expect(value("c0") == .null && value("c2") == .bool(false) && value("c3") == .bool(true))
    #expect(value("ca 3f 80 00 00") == .number(1) && value("cb 3f f8 00 00 00 00 00 00") == .number(1.5))
    #expect(value("a0") == .string("") && value("a3 61 62 63") == .string("abc"))
    #expect(value("d9 03 ed 95 9c") == .string("한") && value("da 00 01 61") == .string("a"))
    #expect(value("db 00 00 00 01 61") == .string("a"))
    #expect(value("c4 00") == .binary(ByteBuffer()) && value("c4 02 00 ff") == .binary(hex("00 ff")))
    #expect(value("c5 00 01 07") == .binary(hex("07")) && value("c6 00 00 00 01 07") == .binary(hex("07")))
  }

  @Test func containersHaveTheirForms() {
    #expect(value("90") == .array([]) && value("92 01 c0") == .array([.integer(1), .null]))
    #expect(value("dc 00 01 01") == .array([.integer(1)]) && value("dd 00 00 00 01 01") == .array([.integer(1)]))
    let map = MessagePackValue.map([.init("a", .integer(1))])
    #expect(value("80") == .map([]) && value("81 a1 61 01") == map)
    #expect(value("de 00 01 a1 61 01") == map && value("df 00 00 00 01 a1 61 01") == map)
    #expect(value("82 a1 61 01 a1 61 02")?["a"] == .integer(2))
  }

  @Test func timestampsAreDates() {
    #expect(value("d6 ff 00 00 00 01") == .date(MessagePackDate(seconds: 1, nanoseconds: 0)!))
    #expect(
      value("d7 ff 00 00 00 06 00 00 00 01") == .date(MessagePackDate(seconds: 1 << 33 | 1, nanoseconds: 1)!))
    #expect(
      value("c7 0c ff 00 00 00 02 ff ff ff ff ff ff ff ff") == .date(MessagePackDate(seconds: -1, nanoseconds: 2)!))
    // More nanoseconds than a second has.
    #expect(
      value("c7 0c ff 3b 9a ca 00 00 00 00 00 00 00 00 00")
        == .extended(type: -1, hex("3b 9a ca 00 00 00 00 00 00 00 00 00")))
  }

  /// notepack.io 2, and its ArrayBuffer to this day.
  @Test func extensionZeroIsJavaScripts() {
    #expect(value("d4 00 00") == .null)
    #expect(value("d7 00 00 00 00 00 00 00 05 dd") == .date(MessagePackDate(milliseconds: 1_501)))
    #expect(value("d7 00 ff ff ff ff ff ff ff ff") == .date(MessagePackDate(seconds: -1, nanoseconds: 999_000_000)!))
    #expect(value("c7 01 00 07") == .binary(hex("07")) && value("c7 00 00") == .binary(hex("")))
    #expect(value("c8 00 01 00 07") == .binary(hex("07")) && value("c9 00 00 00 01 00 07") == .binary(hex("07")))
  }

  @Test(arguments: [
    ("d4 05 01", "01"), ("d5 05 01 02", "01 02"), ("d6 05 01 02 03 04", "01 02 03 04"),
    ("c7 03 05 01 02 03", "01 02 03"),
    ("d8 05 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f", "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"),
  ])
  func otherExtensionsAreKept(digits: String, contents: String) throws {
    let extended = MessagePackValue.extended(type: 5, hex(contents))
    #expect(value(digits) == extended)
    #expect(try written(extended) == hex(digits).bytes)
  }

  @Test(arguments: [
    "", "cc", "cd 00", "ce 00 00 00", "cf 00 00 00 00 00 00 00", "cb 00", "a1", "d9", "d9 02 61", "c4 01",
    "c6 ff ff ff ff",
    "91", "dd ff ff ff ff 00", "df 7f ff ff ff a1 61", "81 a1 61", "82 a1 61 01", "d4 00", "d7 ff 00", "c7 0c ff",
    "c9 ff",
    "db ff ff ff ff 61", "dc 00 02 01",
  ])
  func whatEndsTooEarlyIsAnError(digits: String) {
    #expect(error(skipping: digits) == .truncated)
    #expect(value(digits) == nil)
  }

  @Test func whatNobodyMayPassOnIsAnError() {
    #expect(error(skipping: "c1") == .unknownFormat && error(skipping: "91 c1") == .unknownFormat)
    #expect(error(skipping: "a1 ff") == .invalidText && error(skipping: "a2 ed a0") == .invalidText)
    #expect(error(skipping: "81 01 01") == .invalidKey && error(skipping: "81 c4 01 61 01") == .invalidKey)
    #expect(value("01 01") == nil && value("c0 c0") == nil)
  }

  @Test func nestingIsLimited() {
    #expect(error(skipping: "90", depth: 1) == nil && error(skipping: "90", depth: 0) == .tooDeep)
    #expect(error(skipping: "91 80", depth: 2) == nil && error(skipping: "91 80", depth: 1) == .tooDeep)
    #expect(error(skipping: "81 a1 61 81 a1 61 01", depth: 1) == .tooDeep)
    let deep = String(repeating: "91", count: 128)
    #expect(error(skipping: deep + "01") == nil && error(skipping: deep + "90") == .tooDeep)
    #expect(error(skipping: deep + "90", depth: .max) == .tooDeep)
    #expect(error(skipping: String(repeating: "91", count: 100_000)) == .tooDeep)
    #expect(value(deep + "01") != nil && value(deep + "90") == nil)
  }
}
