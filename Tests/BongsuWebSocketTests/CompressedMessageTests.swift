import NIOCore
import Testing

@testable import BongsuWebSocket

/// Payloads as RFC 7692 §7.2.3 has them, in clients' frames.
@Suite struct CompressedMessageTests {
  static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

  static let examples: [[UInt8]] = [
    // §7.2.3.1, one block
    hello,
    // §7.2.3.3, a block without compression
    [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
    // §7.2.3.4, a block marked as the last
    [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
    // the same without the byte behind it
    [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
    // §7.2.3.5, two blocks
    [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
    // a stream of its own behind a last block
    [0xF3, 0x48, 0x05, 0x00, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
  ]

  @Test(arguments: examples)
  func readsTheExamplesHoweverTheyAreSplit(payload: [UInt8]) throws {
    for keepsContexts in [false, true] {
      let whole = clientFrame(0xC1, payload) + clientFrame(0x82, [9])
      for cut in 0...whole.count {
        let deflate = try compression(keepsContexts: keepsContexts)
        let outcome = outcome(whole, cuts: [cut], deflate: deflate)
        if outcome != Outcome(events: [.text("Hello"), .binary([9])]) { Issue.record("cut at \(cut): \(outcome)") }
      }
      for cut in 0...payload.count {
        let bytes =
          clientFrame(0x41, Array(payload[..<cut])) + clientFrame(0x89, [1]) + clientFrame(0x80, Array(payload[cut...]))
        let cuts = Array(1..<bytes.count)
        let deflate = try compression(keepsContexts: keepsContexts)
        #expect(outcome(bytes, cuts: cuts, deflate: deflate) == Outcome(events: [.ping([1]), .text("Hello")]))
      }
    }
  }

  @Test func laterMessagesReferToEarlierOnesWhereThatWasAgreed() throws {
    // §7.2.3.2: the second "Hello" is a reference to the first.
    let twice = clientFrame(0xC1, Self.hello) + clientFrame(0xC1, [0xF2, 0x00, 0x11, 0x00, 0x00])
    let both = Outcome(events: [.text("Hello"), .text("Hello")])
    #expect(try outcome(twice, deflate: compression(keepsContexts: true)) == both)
    #expect(try outcome(twice, cuts: Array(1..<twice.count), deflate: compression(keepsContexts: true)) == both)
    // Uncompressed messages in between are no part of the window (§7.2.2).
    let between = clientFrame(0xC1, Self.hello) + clientFrame(0x81, Array("xxxxxxx".utf8)) + twice.suffix(11)
    #expect(try outcome(between, deflate: compression(keepsContexts: true)).events.last == .text("Hello"))
    #expect(try outcome(twice, deflate: compression()) == Outcome(events: [.text("Hello")], error: .invalidCompression))
  }

  @Test func connectionsThatShareAnInflaterDoNotHearEachOther() throws {
    let pool = DeflatePool(DeflateSettings())
    let agreement = try #require(try agree(["permessage-deflate"]))
    let (one, other) = (pool.member(agreement), pool.member(agreement))
    #expect(one === other)
    let start = clientFrame(0x41, Array(Self.hello[..<3]))
    let limits = WebSocketLimits(messageBytes: 100, fragments: 10)
    var decoder = WebSocketDecoder()
    let recorder = Recorder()
    for piece in [start, clientFrame(0x80, Array(Self.hello[3...]))] {
      var buffer = ByteBuffer(bytes: piece)
      var span = buffer.mutableReadableBytesSpan
      try decoder.decode(&span, limits: limits, with: one, into: recorder)
      #expect(outcome(clientFrame(0xC1, Self.hello), deflate: other).events == [.text("Hello")])
    }
    #expect(recorder.events == [.text("Hello")])
  }

  @Test(arguments: [[], [0x00], [0x02, 0x00], [0x03, 0x00]] as [[UInt8]])
  func aMessageMayBeEmpty(payload: [UInt8]) throws {
    #expect(try outcome(clientFrame(0xC1, payload), deflate: compression()) == Outcome(events: [.text("")]))
    let fragments = clientFrame(0x42, []) + clientFrame(0x00, payload) + clientFrame(0x80, [])
    #expect(try outcome(fragments, deflate: compression(keepsContexts: true)) == Outcome(events: [.binary([])]))
    let next = clientFrame(0xC2, payload) + clientFrame(0xC1, Self.hello)
    #expect(try outcome(next, deflate: compression(keepsContexts: true)).events == [.binary([]), .text("Hello")])
  }

  @Test(
    arguments: [
      ([0xC8, 0x80], true), ([0xC9, 0x80], true), ([0xCA, 0x80], true), ([0xC0, 0x80], true), ([0x40, 0x80], true),
      ([0xE1, 0x80], true), ([0xD1, 0x80], true), ([0xA2, 0x80], true), ([0xC1, 0x80], false), ([0x42, 0x80], false),
    ] as [([UInt8], Bool)])
  func onlyTheFirstFrameOfAMessageMaySayThatItIsCompressed(bytes: [UInt8], isNegotiated: Bool) throws {
    let deflate = isNegotiated ? try compression() : nil
    #expect(outcome(bytes, deflate: deflate).error == .reservedBits)
    #expect(outcome(bytes, cuts: [1], deflate: deflate).error == .reservedBits)
    #expect(try outcome(clientFrame(0x41, [0xF2]) + [0xC0, 0x80], deflate: compression()).error == .reservedBits)
  }

  @Test func textIsCheckedBehindTheInflater() throws {
    // Stored blocks: ED A0 80 is a surrogate, EB B4 the start of a character.
    let surrogate: [UInt8] = [0x00, 0x03, 0x00, 0xFC, 0xFF, 0xED, 0xA0, 0x80, 0x00]
    let half: [UInt8] = [0x00, 0x02, 0x00, 0xFD, 0xFF, 0xEB, 0xB4, 0x00]
    #expect(try outcome(clientFrame(0xC1, surrogate), deflate: compression()).error == .invalidText)
    #expect(try outcome(clientFrame(0xC1, half), deflate: compression()).error == .invalidText)
    #expect(try outcome(clientFrame(0xC2, half), deflate: compression()).events == [.binary([0xEB, 0xB4])])
    // The compressed bytes themselves are no text.
    let fragments = clientFrame(0x41, Array(Self.hello[..<4])) + clientFrame(0x80, Array(Self.hello[4...]))
    #expect(try outcome(fragments, deflate: compression()) == Outcome(events: [.text("Hello")]))
  }

  static let corrupt: [[UInt8]] = [
    // block type 3; a stored block whose lengths disagree; a reference to before the start; code 286
    [0x06], [0x07, 0x00], [0x00, 0x05, 0x00, 0x00, 0x00, 0x48], [0xF2, 0x00, 0x11, 0x00, 0x00], [0x1B, 0x03, 0x00],
    // a dynamic block with too many codes
    [0xFC, 0xFF, 0xFF],
    // cut: within a stored block, within codes, before the last byte
    [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48], [0xF2, 0x48, 0xCD], [0x00, 0x05], [0xF3, 0x48],
    // the tail was not cut off
    [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00, 0x00, 0xFF, 0xFF],
  ]

  @Test(arguments: corrupt)
  func corruptMessagesCloseTheConnectionWith1007(payload: [UInt8]) throws {
    for keepsContexts in [false, true] {
      let deflate = try compression(keepsContexts: keepsContexts)
      let outcome = outcome(clientFrame(0xC2, payload) + clientFrame(0x82, [1]), deflate: deflate)
      #expect(outcome == Outcome(error: .invalidCompression))
    }
    #expect(WebSocketError.invalidCompression.closeCode == 1007 && WebSocketError.outOfMemory.closeCode == 1011)
  }

  /// One seed for all: a failure comes again.
  @Test func spoiledMessagesNeitherTrapNorSpoilTheNext() throws {
    var random = SplitMix(state: 20_240_602)
    let shared = try compression()
    for round in 0..<3000 {
      var payload = Self.examples[round % Self.examples.count]
      payload[Int.random(in: payload.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
      let bytes = clientFrame(0xC2, payload)
      let cut = Int.random(in: 0...bytes.count, using: &random)
      if outcome(bytes, deflate: shared) != outcome(bytes, cuts: [cut], deflate: shared) {
        Issue.record("round \(round): \(payload)")
      }
    }
    #expect(outcome(clientFrame(0xC1, Self.hello), deflate: shared).events == [.text("Hello")])
  }
}
