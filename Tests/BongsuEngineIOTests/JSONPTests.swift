import BongsuEngineIO
import NIOCore
import Testing

@Suite struct JSONPTests {
  private func script(_ body: String, index: String = "0") -> String {
    String(buffer: JSONP.script(index: index, ByteBuffer(string: body).readableBytesSpan))
  }

  private func unescaped(_ text: String) -> String {
    String(buffer: JSONP.unescapingLineBreaks(ByteBuffer(string: text).readableBytesSpan))
  }

  @Test func aBodyIsAnArgument() {
    #expect(script("4hello") == #"___eio[0]("4hello");"# && script("", index: "12") == #"___eio[12]("");"#)
  }

  @Test(arguments: [
    (#"4["a"]"#, #"4[\"a\"]"#), (#"\"#, #"\\"#), ("a\nb\r\t\0\u{1E}\u{1F}", #"a\nb\u000d\u0009\u0000\u001e\u001f"#),
    ("a\u{2028}b\u{2029}c\u{2027}", "a\\u2028b\\u2029c\u{2027}"),
    ("</script><!--", #"\u003c/script>\u003c!--"#), ("봉수🔥\u{7F}", "봉수🔥\u{7F}"),
  ])
  func whatWouldEndTheTextIsEscaped(body: String, expected: String) {
    #expect(script(body) == "___eio[0](\"" + expected + "\");")
  }

  @Test(arguments: ["1;alert(1)", "alert(1)", "1 ", "-1", "1]", "1\u{2028}", "１"])
  func anIndexIsDigitsAlone(index: String) {
    let digits = index.filter { "0123456789".contains($0) }
    #expect(script("x", index: index) == "___eio[\(digits)](\"x\");")
  }

  @Test func aCutLineSeparatorIsLeftAlone() {
    for bytes: [UInt8] in [[0xE2], [0xE2, 0x80], [0xE2, 0x80, 0xA7], [0xE2, 0x81, 0xA8]] {
      let script = JSONP.script(index: "0", ByteBuffer(bytes: bytes).readableBytesSpan)
      #expect(Array(script.readableBytesView) == Array("___eio[0](\"".utf8) + bytes + Array("\");".utf8))
    }
  }

  @Test(arguments: [
    ("4hello", "4hello"), (#"a\nb"#, "a\nb"), (#"a\\nb"#, #"a\nb"#), (#"a\\\nb"#, #"a\\nb"#), (#"\n\n"#, "\n\n"),
    (#"\\n\n"#, "\\n\n"), (#"\"#, #"\"#), (#"\\"#, #"\\"#), (#"\x"#, #"\x"#), (#"n\"#, #"n\"#), ("", ""), ("\n", "\n"),
    (#"\\x\n"#, "\\\\x\n"),
  ])
  func lineBreaksComeBack(text: String, expected: String) { #expect(unescaped(text) == expected) }
}
