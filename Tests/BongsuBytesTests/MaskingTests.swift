import BongsuBytes
import NIOCore
import Testing

@Suite struct MaskingTests {
  /// Four different bytes, none of them zero; A1 is the first on the wire.
  let key: UInt32 = 0xD4C3_B2A1
  let keyBytes: [UInt8] = [0xA1, 0xB2, 0xC3, 0xD4]

  /// RFC 6455 §5.3 as it is written.
  func obviouslyMasked(_ bytes: [UInt8], phase: Int = 0) -> [UInt8] {
    bytes.indices.map { bytes[$0] ^ keyBytes[(phase + $0) % 4] }
  }

  /// Masks `bytes` from `offset` on, piece by piece, with the fast code.
  func masked(_ bytes: [UInt8], _ key: UInt32, offset: Int = 0, cuts: [Int] = []) -> (bytes: [UInt8], key: UInt32) {
    var buffer = ByteBuffer(repeating: 0, count: offset)
    buffer.writeBytes(bytes)
    var span = buffer.mutableReadableBytesSpan
    var (start, key) = (offset, key)
    for end in cuts.map({ offset + $0 }) + [offset + bytes.count] {
      var piece = span._mutatingExtracting(start..<end)
      key = Masking.apply(key, to: &piece).key
      start = end
    }
    return (Array(buffer.readableBytesView.dropFirst(offset)), key)
  }

  func payload(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) } }

  @Test func masksTheExampleOfRFC6455Section5_7() {
    let result = masked(Array("Hello".utf8), 0x3D21_FA37)
    #expect(result.bytes == [0x7F, 0x9F, 0x4D, 0x51, 0x58])
    #expect(result.key == 0x373D_21FA)
  }

  @Test func equalsTheObviousLoopAtEveryLengthPhaseAndOffset() {
    for count in 0...300 {
      let bytes = payload(count)
      for phase in 0..<4 {
        let rotated = phase == 0 ? key : key >> UInt32(8 * phase) | key << UInt32(32 - 8 * phase)
        let expected = obviouslyMasked(bytes, phase: phase)
        for offset in [0, 1, 2, 3, 5, 7, 8, 15] where masked(bytes, rotated, offset: offset).bytes != expected {
          Issue.record("length \(count), phase \(phase), offset \(offset)")
        }
      }
    }
  }

  @Test func piecesOfEverySizeEqualTheWhole() {
    for count in [0, 1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 71, 72, 127, 128, 131, 200] {
      let bytes = payload(count)
      let expected = obviouslyMasked(bytes)
      for first in 0...count {
        for second in Set([first, min(first + 1, count), (first + count) / 2, count]) {
          let result = masked(bytes, key, cuts: [first, second])
          if result.bytes != expected { Issue.record("\(count) bytes cut at \(first) and \(second)") }
        }
      }
    }
  }

  @Test func returnsTheKeyForTheByteThatFollows() {
    for count in 0...70 {
      let expected = (0..<4).map { keyBytes[(count + $0) % 4] }
      let rotated = masked(payload(count), key).key
      #expect((0..<4).map { UInt8(truncatingIfNeeded: rotated >> (8 * $0)) } == expected)
    }
  }

  @Test func saysWhetherAllUnmaskedBytesAreASCII() {
    for count in 0...300 {
      let text = [UInt8](repeating: 0x7F, count: count)
      var bytes = obviouslyMasked(text)
      #expect(isASCII(unmasking: bytes))
      for place in 0..<count {
        bytes[place] ^= 0x80
        if isASCII(unmasking: bytes) { Issue.record("\(count) bytes, the one at \(place) is 0xFF") }
        bytes[place] ^= 0x80
      }
    }
  }

  func isASCII(unmasking bytes: [UInt8]) -> Bool {
    var buffer = ByteBuffer(bytes: bytes)
    var span = buffer.mutableReadableBytesSpan
    return Masking.apply(key, to: &span).isASCII
  }

  @Test func maskingTwiceIsNothing() {
    let bytes = payload(1000)
    #expect(masked(masked(bytes, key).bytes, key).bytes == bytes)
  }
}
