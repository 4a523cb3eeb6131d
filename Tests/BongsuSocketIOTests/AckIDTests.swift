import BongsuSocketIO
import NIOCore
import Testing

private func id(_ digits: String) throws -> AckID? {
  let text = ByteBuffer(string: "2\(digits)[\"a\"]")
  return try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 0).ackID
}

@Suite struct AckIDTests {
  // The right column is what `String(Number(left))` gives in JavaScript.
  @Test(arguments: [
    ("0", "0"), ("007", "7"), ("000", "0"), ("42", "42"),
    ("999999999999999", "999999999999999"),
    ("1000000000000000", "1000000000000000"),
    ("9007199254740991", "9007199254740991"),
    ("9007199254740992", "9007199254740992"),
    ("9007199254740993", "9007199254740992"),
    ("18446744073709551615", "18446744073709552000"),
    ("18446744073709551616", "18446744073709552000"),
    ("123456789012345678901", "123456789012345680000"),
    ("100000000000000000000", "100000000000000000000"),
    ("999999999999999999999", "1e+21"),
    ("1000000000000000000000", "1e+21"),
    ("1234567890123456789012345", "1.2345678901234568e+24"),
    ("00000000000000000000000000000000000000005", "5"),
  ])
  func isWrittenAsJavaScriptWritesIt(digits: String, text: String) throws {
    let id = try #require(try id(digits))
    #expect(id.description == text)
    var output = ByteBuffer()
    id.write(into: &output)
    #expect(String(buffer: output) == text)
  }

  @Test func equalNumbersAreEqualIDs() throws {
    #expect(try id("0012") == AckID(12))
    #expect(try id("9007199254740993") == id("9007199254740992"))
    #expect(try id("12") != AckID(13))
    #expect(try Set([id("7"), id("07"), id("8")]).count == 2)
  }

  @Test func isAnIntegerOnlyWhereThatIsExact() throws {
    #expect(AckID(0).integer == 0)
    #expect(AckID(9_007_199_254_740_991).integer == 9_007_199_254_740_991)
    #expect(AckID(.max).integer == nil)
    #expect(try id("9007199254740992")?.integer == nil)
    #expect(try id("12")?.integer == 12)
  }
}

@Suite struct JavaScriptNumberTests {
  // The right column is what JavaScript prints.
  @Test(arguments: [
    (0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (100, "100"), (123.456, "123.456"),
    (0.000001, "0.000001"), (0.0000012, "0.0000012"), (0.0000001, "1e-7"), (1.5e-10, "1.5e-10"),
    (1e20, "100000000000000000000"), (1e21, "1e+21"), (1.5e300, "1.5e+300"),
    (Double(sign: .plus, exponent: 66, significand: 1.5), "110680464442257310000"),
    (Double.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
    (Double.infinity, "Infinity"),
    (-Double.infinity, "-Infinity"), (Double.nan, "NaN"), (4.35, "4.35"), (1e16, "10000000000000000"),
    (12345.678e10, "123456780000000"),
  ])
  func isWrittenAsJavaScriptWritesIt(number: Double, text: String) {
    #expect(JavaScriptNumber.text(number) == text)
  }

  @Test func readsBackAsTheSameNumber() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      #expect(Double(JavaScriptNumber.text(number)) == number)
    }
  }
}
