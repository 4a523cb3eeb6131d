import BongsuSocketIO
import Foundation
import NIOCore
import Testing

private func written(_ string: String) -> String {
  var output = ByteBuffer()
  JSONText.write(string, into: &output)
  return String(buffer: output)
}

/// Reads the contents between the quotes of `literal`.
private func read(_ literal: String) -> String {
  let text = ByteBuffer(string: literal)
  return JSONText.string(in: text.readableBytesSpan, 1..<(text.readableBytes - 1))
}

@Suite struct JSONTextTests {
  // The right column is what JSON.stringify gives.
  @Test(arguments: [
    ("", #""""#), ("a", #""a""#), ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#),
    ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#),
    ("\u{0}\u{1}\u{7}\u{B}\u{E}\u{F}\u{10}\u{1A}\u{1F}", #""\u0000\u0001\u0007\u000b\u000e\u000f\u0010\u001a\u001f""#),
    ("\u{7F}\u{80}", "\"\u{7F}\u{80}\""), ("\u{2028}\u{2029}", "\"\u{2028}\u{2029}\""), ("봉수 🔥", "\"봉수 🔥\""),
    ("12345678\"12345678\n", #""12345678\"12345678\n""#),
  ])
  func writesAsStringifyDoes(string: String, literal: String) {
    #expect(written(string) == literal)
  }

  @Test(arguments: [
    (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\uBD09""#, "Aé봉"),
    (#""\u0000""#, "\u{0}"), (#""\ud83d\udd25""#, "🔥"), (#""\uD83D\uDD25!""#, "🔥!"), (#""\uffff""#, "\u{FFFF}"),
    (#""\ud800""#, "\u{FFFD}"), (#""\udc00""#, "\u{FFFD}"), (#""\ud800a""#, "\u{FFFD}a"),
    (#""\ud800\n""#, "\u{FFFD}\n"),
    (#""\ud800\u0041""#, "\u{FFFD}A"), (#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
    (#""\ud800\ud83d\udd25""#, "\u{FFFD}🔥"),
    (#""\\u0041""#, "\\u0041"), ("\"봉수\u{2028}\"", "봉수\u{2028}"), (#""12345678\n12345678\t""#, "12345678\n12345678\t"),
  ])
  func readsAsParseDoes(literal: String, string: String) {
    #expect(read(literal).unicodeScalars.elementsEqual(string.unicodeScalars))
  }

  @Test func everyScalarComesBack() throws {
    var string = ""
    for value in stride(from: UInt32(0), to: 0x11_0000, by: 7) {
      if let scalar = Unicode.Scalar(value) { string.unicodeScalars.append(scalar) }
    }
    for value in UInt32(0)..<0x300 { string.unicodeScalars.append(Unicode.Scalar(value)!) }
    let literal = written(string)
    #expect(read(literal).utf8.elementsEqual(string.utf8))
    #expect(isJSON(literal))
    #expect(try JSONDecoder().decode(String.self, from: Data(literal.utf8)).utf8.elementsEqual(string.utf8))
  }

  @Test func everySpecialByteIsFoundAtEveryOffset() {
    for count in 0...24 {
      for offset in 0..<count {
        for special in ["\"", "\\", "\n", "\u{0}", "\u{1F}"] {
          for filler in ["!", "#", "[", "]", " ", "\u{7F}", "é"] {
            let before = String(repeating: filler, count: offset)
            let after = String(repeating: filler, count: count - offset - 1)
            let literal = written(before + special + after)
            #expect(literal == "\"" + before + written(special).dropFirst().dropLast() + after + "\"")
            #expect(read(literal) == before + special + after)
          }
        }
      }
    }
  }

  @Test func unescapesIntoABuffer() {
    let text = ByteBuffer(string: #"["a","\u0062\n봉"]"#)
    var output = ByteBuffer(string: ">")
    JSONText.unescape(text.readableBytesSpan, 6..<(text.readableBytes - 2), into: &output)
    #expect(String(buffer: output) == ">b\n봉")
  }

  @Test func invalidTextIsReadWithoutATrap() {
    let alphabet = Array("\"\\ud8a\u{1}".utf8)
    for count in 0...6 {
      var digits = [Int](repeating: 0, count: count)
      repeat {
        let text = ByteBuffer(bytes: digits.map { alphabet[$0] })
        _ = JSONText.string(in: text.readableBytesSpan, 0..<count)
      } while advance(&digits, below: alphabet.count)
    }
  }
}
