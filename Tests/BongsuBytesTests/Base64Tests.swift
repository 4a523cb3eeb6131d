import BongsuBytes
import NIOCore
import Testing

@Suite struct Base64Tests {
  func encoded(_ bytes: [UInt8]) -> String {
    var output = ByteBuffer(string: "b")
    Base64.encode(ByteBuffer(bytes: bytes).readableBytesSpan, into: &output)
    return String(String(buffer: output).dropFirst())
  }

  func decoded(_ text: String) -> [UInt8] {
    Array(Base64.decode(ByteBuffer(string: text).readableBytesSpan).readableBytesView)
  }

  /// One bit after the other.
  func obviouslyEncoded(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
    while bits.count % 6 != 0 { bits.append(0) }
    var text = ""
    for start in stride(from: 0, to: bits.count, by: 6) {
      text.append(alphabet[bits[start..<start + 6].reduce(0) { $0 << 1 | Int($1) }])
    }
    while text.count % 4 != 0 { text.append("=") }
    return text
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func codesTheVectorsOfRFC4648Section10(plain: String, text: String) {
    #expect(encoded(Array(plain.utf8)) == text)
    #expect(decoded(text) == Array(plain.utf8))
  }

  @Test func encodesAsTheObviousLoopAtEveryLength() {
    for count in 0...100 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ count) }
      let text = encoded(bytes)
      #expect(text == obviouslyEncoded(bytes))
      #expect(Base64.encodedCount(of: count) == text.utf8.count)
      #expect(decoded(text) == bytes)
    }
  }

  @Test func everyByteAtEveryPlaceComesBack() {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<7 {
        var bytes = [UInt8](repeating: 0x5A, count: 7)
        bytes[place] = byte
        if decoded(encoded(bytes)) != bytes || encoded(bytes) != obviouslyEncoded(bytes) { Issue.record("\(bytes)") }
      }
    }
  }

  @Test(
    arguments: [
      ("-_-_", [0xFB, 0xFF, 0xBF]), ("+/+/", [0xFB, 0xFF, 0xBF]), ("Zg", [0x66]), ("Zm8", [0x66, 0x6F]),
      ("Z m\n9\r\tv", [0x66, 0x6F, 0x6F]), ("Zm9v!?é한", [0x66, 0x6F, 0x6F]), ("Zm9vZ", [0x66, 0x6F, 0x6F]),
      ("Zg==Zg==", [0x66]), ("=Zm9v", []), ("A", []), ("", []), ("====", []), ("!", []),
    ] as [(String, [UInt8])])
  func decodesAsLenientlyAsNode(text: String, bytes: [UInt8]) {
    #expect(decoded(text) == bytes)
  }

  @Test func ignoresACharacterBetweenAnyTwo() {
    let text = "QUJDREVGR0hJSktM"
    for place in 0...text.count {
      var spoiled = text
      spoiled.insert("\n", at: text.index(text.startIndex, offsetBy: place))
      #expect(decoded(spoiled) == Array("ABCDEFGHIJKL".utf8))
    }
  }

  @Test func onlyTheAlphabetsAreNotIgnored() {
    let alphabets = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_".utf8)
    for byte in UInt8.min...UInt8.max {
      let text = ByteBuffer(bytes: Array("QUI".utf8) + [byte])
      let count = Base64.decode(text.readableBytesSpan).readableBytes
      #expect(count == (alphabets.contains(byte) ? 3 : 2))
    }
  }
}
