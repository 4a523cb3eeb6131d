import NIOCore
import Testing

@testable import BongsuWebSocket

@Suite struct WebSocketDecoderTests {
  @Test func readsTheMaskedExampleOfRFC6455Section5_7() {
    let hello: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    #expect(outcome(hello) == Outcome(events: [.text("Hello")]))
    let pong: [UInt8] = [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    #expect(outcome(pong) == Outcome(events: [.pong(Array("Hello".utf8))]))
  }

  /// The fragmented "Hel", "lo" of §5.7 with a ping in between; the key of zeros leaves the payload readable.
  let conversation: [UInt8] =
    [0x01, 0x83, 0, 0, 0, 0, 0x48, 0x65, 0x6C] + [0x89, 0x82, 0, 0, 0, 0, 0x68, 0x69]
    + [0x00, 0x80, 0, 0, 0, 0] + [0x80, 0x82, 0, 0, 0, 0, 0x6C, 0x6F]
    + [0x82, 0x83, 0x01, 0x02, 0x03, 0x04, 0x01, 0x03, 0x01] + [0x81, 0x80, 9, 9, 9, 9]
    + [0x8A, 0x80, 7, 7, 7, 7]
    + [0x81, 0x86, 0, 0, 0, 0, 0xEB, 0xB4, 0x89, 0xEC, 0x88, 0x98]
    + [0x88, 0x85, 0, 0, 0, 0, 0x03, 0xE8, 0x62, 0x79, 0x65] + [0x81, 0x81, 0, 0, 0, 0, 0x78]

  let heard = Outcome(events: [
    .ping(Array("hi".utf8)), .text("Hello"), .binary([0, 1, 2]), .text(""), .pong([]), .text("봉수"),
    .close(1000, "bye"),
  ])

  @Test func hearsTheSameHoweverTheBytesAreSplit() {
    #expect(outcome(conversation) == heard)
    for first in 0...conversation.count {
      for second in first...conversation.count where outcome(conversation, cuts: [first, second]) != heard {
        Issue.record("cut at \(first) and \(second)")
      }
    }
    #expect(outcome(conversation, cuts: Array(1..<conversation.count)) == heard)
  }

  @Test(arguments: [0, 1, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537])
  func readsEveryLength(count: Int) {
    let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let bytes = clientFrame(0x82, payload) + clientFrame(0x81, Array("next".utf8))
    let expected = Outcome(events: [.binary(payload), .text("next")])
    #expect(outcome(bytes) == expected)
    for cut in Set([1, 2, 3, 4, 9, 10, 13, 14, 15, 16, 17, bytes.count / 2, bytes.count - 11, bytes.count - 10]) {
      if outcome(bytes, cuts: [min(cut, bytes.count)]) != expected { Issue.record("cut at \(cut)") }
    }
    #expect(outcome(bytes, cuts: Array(stride(from: 0, to: bytes.count, by: 1000))) == expected)
  }

  @Test func joinsLongFragmentsThatReadsCutAnywhere() {
    let payload = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
    let bytes =
      clientFrame(0x02, Array(payload[..<130])) + clientFrame(0x89, [1, 2, 3])
      + clientFrame(0x00, Array(payload[130..<131])) + clientFrame(0x80, Array(payload[131...]))
    for cut in 0...bytes.count {
      if outcome(bytes, cuts: [cut]) != Outcome(events: [.ping([1, 2, 3]), .binary(payload)]) {
        Issue.record("cut at \(cut)")
      }
    }
  }

  @Test func anIdleDecoderIsSmallAndOwnsNothing() {
    #expect(MemoryLayout<WebSocketDecoder>.size <= 8)
    #expect(outcome(clientFrame(0x82, [1, 2, 3])).isIdle)
    #expect(!outcome([0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3]).isIdle)
    #expect(!outcome(clientFrame(0x82, [1, 2, 3]).dropLast()).isIdle)
    #expect(!outcome(clientFrame(0x02, [1, 2, 3])).isIdle)
  }

  @Test func memoryGrowsWithWhatHasComeNotWithWhatIsAnnounced() throws {
    var decoder = WebSocketDecoder()
    var buffer = ByteBuffer(
      bytes: [0x82, 0xFF, 0, 0, 0, 0, 0x3F, 0, 0, 0, 1, 2, 3, 4] + [UInt8](repeating: 0, count: 100))
    var span = buffer.mutableReadableBytesSpan
    try decoder.decode(&span, limits: WebSocketLimits(messageBytes: 1 << 30, fragments: 10), into: Recorder())
    #expect(try #require(decoder.assembly?.message).bytes.storageCapacity <= 256)
  }

  @Test func aHandlerThatReturnsFalseIsTheLast() {
    for count in 1..<heard.events.count {
      for cuts in [[], Array(1..<conversation.count)] {
        let outcome = outcome(conversation, cuts: cuts, stopsAfter: count)
        #expect(outcome == Outcome(events: Array(heard.events.prefix(count))))
      }
    }
  }

  @Test func nothingIsDecodedAfterAnError() {
    let wrong: [UInt8] = [0x83, 0x80, 0, 0, 0, 0]
    let bytes = clientFrame(0x81, [0x61]) + wrong + clientFrame(0x81, [0x62])
    for cut in 0...bytes.count {
      #expect(outcome(bytes, cuts: [cut]) == Outcome(events: [.text("a")], error: .reservedOpcode))
    }
  }

  /// One seed for all: a failure comes again.
  @Test func spoiledBytesNeitherTrapNorDependOnTheSplit() {
    var random = SplitMix(state: 20_240_601)
    for round in 0..<4000 {
      var bytes = Array(conversation.dropLast(18))
      for _ in 0...Int.random(in: 0..<3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
      }
      let cuts = (0..<4).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
      let (whole, split) = (outcome(bytes), outcome(bytes, cuts: cuts))
      if whole != split || !whole.isSound { Issue.record("round \(round): \(bytes) cut at \(cuts)") }
    }
  }
}

/// A small generator with a seed (Steele, Lea, Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
