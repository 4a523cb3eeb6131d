import NIOCore
import Testing

@testable import BongsuWebSocket

/// A few bytes that inflate to very many.
@Suite struct DeflateBombTests {
  let limits = WebSocketLimits(messageBytes: 100_000, fragments: 10)
  /// 16 MB in 100 kB.
  let bomb = FixedBlock(65, copies: 61_000).bytes

  @Test func aBlockByHandIsWhatItSays() throws {
    let payload = FixedBlock(65, copies: 2).bytes
    let expected = Outcome(events: [.text(String(repeating: "A", count: 517))])
    #expect(try outcome(clientFrame(0xC1, payload), deflate: compression()) == expected)
  }

  @Test(arguments: [false, true])
  func inflatingStopsAtTheLimit(keepsContexts: Bool) throws {
    let deflate = try compression(keepsContexts: keepsContexts)
    #expect(bomb.count < limits.messageBytes)
    #expect(outcome(clientFrame(0xC2, bomb), limits: limits, deflate: deflate) == Outcome(error: .messageTooLarge))
    #expect(WebSocketError.messageTooLarge.closeCode == 1009)
    let fragments = stride(from: 0, to: bomb.count, by: 20_000).map { Array(bomb[$0..<min($0 + 20_000, bomb.count)]) }
    let frames = fragments.indices.flatMap { index in
      clientFrame((index == 0 ? 0x42 : 0x00) | (index == fragments.count - 1 ? 0x80 : 0), fragments[index])
    }
    #expect(outcome(frames, limits: limits, deflate: deflate) == Outcome(error: .messageTooLarge))
  }

  @Test func workAndMemoryEndWithTheLimit() throws {
    let inflater = try #require(Inflater(windowBits: 15))
    var output = ByteBuffer()
    #expect(throws: WebSocketError.messageTooLarge) {
      try inflater.inflate(ByteBuffer(bytes: bomb).readableBytesSpan, .binary, limit: 100_000, into: &output)
    }
    #expect(output.readableBytes == 100_001 && output.storageCapacity <= 1 << 18)
  }

  @Test func aBombOfInvalidTextEndsAtItsFirstBytes() throws {
    // FixedBlock knows no byte above 143, but 0x80 is none that begins a character.
    let inflater = try #require(Inflater(windowBits: 15))
    var output = ByteBuffer()
    #expect(throws: WebSocketError.invalidText) {
      let payload = ByteBuffer(bytes: FixedBlock(0x80, copies: 61_000).bytes)
      try inflater.inflate(payload.readableBytesSpan, .text, limit: 1 << 30, into: &output)
    }
    #expect(output.readableBytes <= 1 << 15)
  }

  @Test func manySmallBombsLeaveNothingBehind() throws {
    let settings = DeflateSettings()
    let pool = DeflatePool(settings)
    let deflate = pool.member(try #require(try agree(["permessage-deflate"], settings)))
    let small = clientFrame(0xC2, FixedBlock(65, copies: 380).bytes)
    let outcome = outcome(Array(repeatElement(small, count: 50).joined()), limits: limits, deflate: deflate)
    #expect(outcome.events.count == 50 && outcome.error == nil && outcome.isIdle)
    #expect(pool.share.inflated.take().storageCapacity <= 256 << 10)
    // A large message's buffer is not kept.
    let large = WebSocketLimits(messageBytes: 1 << 25, fragments: 10)
    #expect(BongsuWebSocketTests.outcome(clientFrame(0xC2, bomb), limits: large, deflate: deflate).events.count == 1)
    #expect(pool.share.inflated.take().storageCapacity <= 256 << 10)
  }

  @Test func aMessageMayInflateToTheLimitAndNoFurther() throws {
    let payload = FixedBlock(65, copies: 2).bytes
    let exact = WebSocketLimits(messageBytes: 517, fragments: 10)
    let less = WebSocketLimits(messageBytes: 516, fragments: 10)
    for keepsContexts in [false, true] {
      let deflate = try compression(keepsContexts: keepsContexts)
      #expect(outcome(clientFrame(0xC1, payload), limits: exact, deflate: deflate).events.count == 1)
      #expect(outcome(clientFrame(0xC1, payload), limits: less, deflate: deflate).error == .messageTooLarge)
    }
  }

  @Test func theLimitHoldsForTheCompressedSizeToo() throws {
    let tiny = WebSocketLimits(messageBytes: 6, fragments: 10)
    // Seven bytes that would inflate to five are refused from the header on.
    #expect(try outcome([0xC1, 0x87, 1, 2, 3, 4], limits: tiny, deflate: compression()).error == .messageTooLarge)
    // Empty blocks without end inflate to nothing.
    let blocks = Array(repeatElement([0x00, 0x00, 0x00, 0xFF, 0xFF] as [UInt8], count: 19_999).joined()) + [0x00]
    #expect(try outcome(clientFrame(0xC2, blocks), limits: limits, deflate: compression()).events == [.binary([])])
    let streams = Array(repeatElement([0x03, 0x00] as [UInt8], count: 50_000).joined())
    #expect(try outcome(clientFrame(0xC2, streams), limits: limits, deflate: compression()).events == [.binary([])])
  }
}
