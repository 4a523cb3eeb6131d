import NIOCore
import Testing

@testable import BongsuWebSocket

@Suite struct PerMessageDeflateTests {
  private func frame(_ deflate: PerMessageDeflate, _ opcode: Opcode, _ payload: [UInt8]) -> ByteBuffer {
    var buffer = ByteBuffer()
    deflate.append(opcode, ByteBuffer(bytes: payload).readableBytesSpan, to: &buffer)
    return buffer
  }

  private let hello = Array("Hello".utf8)
  private let long = Array(repeatElement(Array("signal fire ".utf8), count: 40).joined())

  @Test func writesTheExamplesOfRFC7692Section7_2_3() throws {
    let keeping = try compression(keepsContexts: true)
    // §7.2.3.1 and, with the context taken over, §7.2.3.2
    #expect(
      Array(frame(keeping, .text, hello).readableBytesView) == [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
    #expect(Array(frame(keeping, .text, hello).readableBytesView) == [0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00])
    // Alone it would become longer.
    let alone = frame(try compression(), .text, hello)
    #expect(Array(alone.readableBytesView) == [0x81, 0x05] + hello)
  }

  @Test func shortMessagesAndControlFramesGoPlain() throws {
    for keepsContexts in [false, true] {
      let deflate = try compression(threshold: 480, keepsContexts: keepsContexts)
      #expect(frame(deflate, .binary, Array(long.dropLast())).readableBytesView.first == 0x82)
      #expect(frame(deflate, .binary, long).readableBytesView.first == 0xC2)
      let eager = try compression(keepsContexts: keepsContexts)
      #expect(Array(frame(eager, .text, []).readableBytesView) == [0x81, 0x00])
      #expect(frame(eager, .ping, Array(long[..<125])).readableBytesView.first == 0x89)
      #expect(frame(eager, .close, [3, 232]).readableBytesView.first == 0x88)
    }
  }

  @Test func messagesWithoutContextAreAllTheSame() throws {
    let deflate = try compression()
    let first = frame(deflate, .text, long)
    #expect(frame(deflate, .text, long) == first)
    let inflater = try #require(Inflater(windowBits: 15))
    for _ in 0..<3 { #expect(try read(first, inflater, keepsContext: false) == [long]) }
  }

  /// Messages of 20 bytes, each of which comes again: what they refer to has to be in the peer's window.
  @Test(arguments: 8...15)
  func neverRefersFurtherBackThanAgreed(windowBits: Int) throws {
    #expect(try areUnderstood(writer: windowBits, reader: windowBits))
    // The counter-proof: there is something to refer to beyond the window.
    if windowBits < 14 { #expect(try !areUnderstood(writer: windowBits + 2, reader: windowBits)) }
  }

  private func areUnderstood(writer: Int, reader: Int) throws -> Bool {
    let deflater = try #require(Deflater(windowBits: writer, DeflateSettings()))
    let inflater = try #require(Inflater(windowBits: reader))
    var random = SplitMix(state: UInt64(reader))
    // Two messages a round, so up to twice the window lies between a message and its return.
    let reach = (2 << reader) / 40
    var messages: [[UInt8]] = []
    for round in 0..<2000 {
      messages.append((0..<20).map { _ in UInt8.random(in: .min ... .max, using: &random) })
      for index in [round, max(0, round - Int.random(in: 0...reach, using: &random))] {
        var (deflated, inflated) = (ByteBuffer(), ByteBuffer())
        guard deflater.deflate(ByteBuffer(bytes: messages[index]).readableBytesSpan, into: &deflated) else {
          return false
        }
        do {
          try inflater.inflate(deflated.readableBytesSpan, .binary, limit: 100, into: &inflated)
        } catch { return false }
        if Array(inflated.readableBytesView) != messages[index] { return false }
      }
    }
    return true
  }

  @Test func clientsUnderstandEveryWindow() throws {
    for bits in 8...15 {
      let offer = "permessage-deflate; server_max_window_bits=\(bits); client_max_window_bits=\(bits)"
      for keepsContexts in [false, true] {
        let deflate = try compression(offer, keepsContexts: keepsContexts)
        let inflater = try #require(Inflater(windowBits: bits))
        for count in [1, 100, 65_535, 65_536, 300_000] {
          let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 >> 9) }
          #expect(try read(frame(deflate, .binary, message), inflater, keepsContext: keepsContexts) == [message])
        }
      }
    }
  }

  @Test func aBroadcastIsUnderstoodBetweenMessagesThatReferToEarlierOnes() throws {
    let deflate = try compression(keepsContexts: true)
    let inflater = try #require(Inflater(windowBits: 15))
    let shout = Array(repeatElement(Array("beacon ".utf8), count: 70).joined())
    let broadcast = try #require(
      deflate.variant.deflating(WebSocketEncoder.frame(.binary, ByteBuffer(bytes: shout).readableBytesSpan)))
    #expect(serverFrames(broadcast).map(\.first) == [0xC2])
    for round in 0..<4 {
      #expect(try read(frame(deflate, .binary, long), inflater) == [long])
      let again = frame(deflate, .binary, long)
      #expect(again.readableBytes < 30)
      #expect(try read(again, inflater) == [long])
      deflate.sharedFramesFollow()
      #expect(try read(broadcast, inflater) == [shout])
      if round % 2 == 0 { #expect(try read(broadcast, inflater) == [shout]) }
    }
  }

  @Test func framesAreCompressedOneByOneAndOnlyWhereItIsWorthIt() throws {
    var frames = WebSocketEncoder.frame(.text, ByteBuffer(bytes: hello).readableBytesSpan)
    let variant = try compression(threshold: 100).variant
    #expect(variant.deflating(frames) == nil)
    WebSocketEncoder.append(.binary, ByteBuffer(bytes: long).readableBytesSpan, to: &frames)
    WebSocketEncoder.append(.text, RawSpan(), to: &frames)
    let huge = [UInt8](repeating: 7, count: 70_000)
    WebSocketEncoder.append(.binary, ByteBuffer(bytes: huge).readableBytesSpan, to: &frames)
    let deflated = try #require(variant.deflating(frames))
    #expect(serverFrames(deflated).map(\.first) == [0x81, 0xC2, 0x81, 0xC2])
    let inflater = try #require(Inflater(windowBits: 15))
    #expect(try read(deflated, inflater, keepsContext: false) == [hello, long, [], huge])
    for keepsContexts in [false, true] {
      var written = ByteBuffer()
      try compression(keepsContexts: keepsContexts).append(frames: frames.readableBytesSpan, to: &written)
      inflater.reset()
      #expect(try read(written, inflater, keepsContext: keepsContexts) == [hello, long, [], huge])
    }
  }

  @Test func whoNeedsNoMemoryOfItsOwnSharesAll() throws {
    let settings = DeflateSettings()
    let pool = DeflatePool(settings)
    func member(_ parameters: String, _ settings: DeflateSettings = settings) throws -> PerMessageDeflate {
      pool.member(try #require(try agree(["permessage-deflate" + parameters], settings)))
    }
    #expect(try member("") === member("; client_max_window_bits"))
    #expect(try member("; server_max_window_bits=8") === member("; server_max_window_bits=9"))
    #expect(try member("; server_max_window_bits=10") !== member(""))
    let keeping = settings.keepingContexts()
    #expect(try member("", keeping) !== member("", keeping))
    #expect(try member("", keeping).variant === member("").variant)
  }
}
