import BongsuBytes
import NIOCore
import Testing

@Suite struct UTF8ValidatorTests {
  enum Verdict { case complete, incomplete, impossible }

  func verdict(_ pieces: [[UInt8]]) -> Verdict {
    var validator = UTF8Validator()
    for piece in pieces {
      let buffer = ByteBuffer(bytes: piece)
      guard validator.append(buffer.readableBytesSpan) else { return .impossible }
    }
    return validator.isComplete ? .complete : .incomplete
  }

  /// What the standard library says about the whole.
  func isValid(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

  /// Whether anything that could follow makes `bytes` valid: the endings that complete every kind of cut.
  func isBeginningOfValid(_ bytes: [UInt8]) -> Bool {
    let endings: [[UInt8]] = [
      [], [0x80], [0xA0], [0x90], [0x80, 0x80], [0xA0, 0x80], [0x90, 0x80], [0x80, 0x80, 0x80], [0x90, 0x80, 0x80],
    ]
    return endings.contains { isValid(bytes + $0) }
  }

  func expected(_ bytes: [UInt8]) -> Verdict {
    isValid(bytes) ? .complete : isBeginningOfValid(bytes) ? .incomplete : .impossible
  }

  /// The bytes at which the table of RFC 3629 §4 changes its mind.
  let boundaries: [UInt8] = [
    0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
    0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF,
  ]

  @Test func agreesWithTheStandardLibraryOnAllBoundaryBytes() {
    var sequences: [[UInt8]] = [[]]
    for _ in 1...4 {
      // Nothing can follow what is already impossible.
      sequences = sequences.filter { expected($0) != .impossible }.flatMap { head in boundaries.map { head + [$0] } }
      for bytes in sequences {
        let expected = expected(bytes)
        // Alone, and with room for the word-wise path after it and before it.
        let ascii = Array("abcdefgh".utf8)
        if verdict([bytes]) != expected { Issue.record("\(bytes)") }
        if verdict([ascii + bytes]) != expected { Issue.record("ASCII, \(bytes)") }
        let followed = expected == .complete ? Verdict.complete : .impossible
        if verdict([bytes + ascii]) != followed { Issue.record("\(bytes), ASCII") }
      }
    }
  }

  @Test func agreesWithTheStandardLibraryOnEveryTwoBytes() {
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        let bytes = [first, second]
        if verdict([bytes]) != expected(bytes) { Issue.record("\(bytes)") }
      }
    }
  }

  @Test func acceptsEveryScalar() {
    for start in stride(from: UInt32(0), through: 0x10FFFF, by: 256) {
      let scalars = (start..<start + 256).compactMap(Unicode.Scalar.init)
      let text = String(String.UnicodeScalarView(scalars))
      if verdict([Array(text.utf8)]) != .complete { Issue.record("U+\(String(start, radix: 16))…") }
    }
  }

  @Test(
    arguments: [
      [0xC0], [0xC1], [0xF5], [0xF8], [0xFE], [0xFF], [0x80], [0xBF],
      [0xE0, 0x80], [0xE0, 0x9F], [0xED, 0xA0], [0xED, 0xBF], [0xF0, 0x80], [0xF0, 0x8F], [0xF4, 0x90], [0xF4, 0xBF],
      [0xC2, 0x41], [0xE1, 0x80, 0x41], [0xF1, 0x80, 0x80, 0xC0],
    ] as [[UInt8]])
  func failsAtTheFirstImpossibleByteAndNotBefore(bytes: [UInt8]) {
    #expect(verdict([bytes]) == .impossible)
    #expect(verdict(bytes.map { [$0] }) == .impossible)
    #expect(verdict([Array(bytes.dropLast())]) != .impossible)
  }

  @Test func everySplitIntoThreeGivesTheSameVerdict() {
    let texts: [[UInt8]] = [
      Array("Hello, 안녕하세요 세계! ñ 𐍈🙂 end of it".utf8),
      Array("가나다라마바사아자차카타파하".utf8),
      Array("plain ASCII of more than eight bytes ".utf8) + [0xED, 0xA0, 0x80],
      Array("봉수 ".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("after".utf8),
      Array("🙂🙂🙂".utf8.dropLast()),
    ]
    for text in texts {
      let expected = expected(text)
      for first in 0...text.count {
        for second in first...text.count {
          let pieces = [Array(text[..<first]), Array(text[first..<second]), Array(text[second...])]
          if verdict(pieces) != expected { Issue.record("\(text) cut at \(first) and \(second)") }
        }
      }
    }
  }

  @Test func aFailureIsFinal() {
    var validator = UTF8Validator()
    let (wrong, right) = (ByteBuffer(bytes: [0xFF]), ByteBuffer(string: "right"))
    let verdicts = [validator.append(wrong.readableBytesSpan), validator.append(right.readableBytesSpan)]
    #expect(verdicts == [false, false])
    #expect(!validator.isComplete)
  }

  @Test func oneOfAKindAtEveryPlaceOfEveryLength() {
    // Up to more than one stride of each kind and what is left over, and one of several strides.
    for length in Array(0...210) + [350] {
      var text = [UInt8](repeating: 0x61, count: length)
      if !UTF8Validator.isValid(ByteBuffer(bytes: text).readableBytesSpan) { Issue.record("\(length) of ASCII") }
      for place in 0..<length {
        for byte in [0x80, 0xC3, 0xE1, 0xF1, 0xFF] as [UInt8] {
          text[place] = byte
          if UTF8Validator.isValid(ByteBuffer(bytes: text).readableBytesSpan) {
            Issue.record("\(byte) at \(place) of \(length)")
          }
        }
        text[place] = 0x61
      }
    }
  }
}
