import BongsuEngineIO
import NIOCore
import Testing

private func packets(_ body: ByteBuffer) -> [EnginePacket] {
  var reader = PayloadReader()
  var packets: [EnginePacket] = []
  while let packet = reader.next(in: body.readableBytesSpan) { packets.append(packet) }
  return packets
}

private func ranges(_ body: ByteBuffer) -> [Range<Int>] {
  var reader = PayloadReader()
  var ranges: [Range<Int>] = []
  while let range = reader.nextRange(in: body.readableBytesSpan) { ranges.append(range) }
  return ranges
}

/// The same, said plainly.
private func obviousRanges(_ bytes: [UInt8]) -> [Range<Int>] {
  bytes.split(separator: 0x1E, omittingEmptySubsequences: false).map { $0.startIndex..<$0.endIndex }
}

@Suite struct PayloadReaderTests {
  @Test func splitsAtTheSeparator() {
    let body = ByteBuffer(string: "4hello\u{1E}2\u{1E}bAQIDBA==")
    #expect(
      packets(body) == [
        .packet(.message, data: 1..<6), .packet(.ping, data: 8..<8), .binary(base64: 10..<18),
      ])
  }

  @Test func anEmptyBodyHoldsOneEmptyPacket() {
    #expect(packets(ByteBuffer()) == [.invalid])
  }

  @Test func aTrailingSeparatorIsFollowedByAnEmptyPacket() {
    #expect(packets(ByteBuffer(string: "40\u{1E}")) == [.packet(.message, data: 1..<2), .invalid])
  }

  @Test func nothingIsReadBehindAnInvalidPacket() {
    let body = ByteBuffer(string: "40\u{1E}abc\u{1E}42[\"a\"]")
    #expect(packets(body) == [.packet(.message, data: 1..<2), .invalid])
  }

  @Test func agreesWithPlainSplittingAtEverySmallSize() {
    let alphabet: [UInt8] = [0x1E, 0x34, 0x9E]
    for count in 0...8 {
      var bytes = [UInt8](repeating: alphabet[0], count: count)
      for number in 0..<Int(pow3(count)) {
        var rest = number
        for index in 0..<count {
          bytes[index] = alphabet[rest % 3]
          rest /= 3
        }
        guard ranges(ByteBuffer(bytes: bytes)) == obviousRanges(bytes) else {
          Issue.record("\(bytes)")
          return
        }
      }
    }
  }

  @Test func findsASeparatorAtEveryOffsetOfALongBody() {
    for count in 0...40 {
      for offset in 0..<count {
        // 0x1D and 0x1F differ from the separator by one, 0x9E by the top bit.
        for filler: UInt8 in [0x1D, 0x1F, 0x9E, 0x00, 0xFF] {
          var bytes = [UInt8](repeating: filler, count: count)
          bytes[offset] = 0x1E
          #expect(ranges(ByteBuffer(bytes: bytes)) == obviousRanges(bytes))
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func aMegabyteOfSeparatorsTakesLinearTime() {
    var reader = PayloadReader()
    let body = ByteBuffer(repeating: 0x1E, count: 1_000_000)
    var count = 0
    while reader.nextRange(in: body.readableBytesSpan) != nil { count += 1 }
    #expect(count == 1_000_001)
  }

  private func pow3(_ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { product, _ in product * 3 }
  }
}
