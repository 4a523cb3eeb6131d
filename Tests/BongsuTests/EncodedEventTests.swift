import BongsuSession
import NIOCore
import Testing

@testable import Bongsu

@Suite struct EncodedEventTests {
  /// The header of a final, unmasked frame (RFC 6455 §5.2).
  private func header(_ first: UInt8, _ count: Int) -> [UInt8] {
    switch count {
    case ...125: [first, UInt8(count)]
    case ...65_535: [first, 126, UInt8(count >> 8), UInt8(count & 0xFF)]
    default: [first, 127, 0, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(count >> $0 & 0xFF) }
    }
  }

  @Test(arguments: Array(0...130) + [255, 256, 65_525, 65_526, 65_527, 65_528, 65_529, 65_530, 65_536, 200_000])
  func theFrameFitsItsPayload(size: Int) throws {
    let json = #""e","# + "\"" + String(repeating: "x", count: size) + "\""
    let text = Array("42[\(json)]".utf8)
    let event = try EncodedEvent(json)
    let isExact = event.frames.bytes == header(0x81, text.count) + text
    #expect(isExact && event.text.bytes == text)
    #expect(event.packets == [.text(ByteBuffer(bytes: text))])
  }

  @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536]) func attachmentsFollowInFramesOfTheirOwn(size: Int) throws {
    let bytes = [UInt8](repeating: 0xA5, count: size)
    let elements = #""e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}"#
    let event = try EncodedEvent(elements, attachments: [bytes, [7]])
    let text = Array("452-[\(elements)]".utf8)
    let isExact = event.frames.bytes == header(0x81, text.count) + text + header(0x82, size) + bytes + [0x82, 1, 7]
    #expect(isExact)
    #expect(
      event.packets == [
        .text(ByteBuffer(bytes: text)), .binary(ByteBuffer(bytes: bytes)), .binary(ByteBuffer(bytes: [7])),
      ])
  }

  @Test func namespaceAndAcknowledgementStandInFront() throws {
    #expect(try EncodedEvent(#""e""#, namespace: "/admin", ackID: 12).string == #"42/admin,12["e"]"#)
    #expect(try EncodedEvent(#""e",1"#, ackID: 0).string == #"420["e",1]"#)
    #expect(try EncodedEvent(#""e""#, attachments: [[1]], namespace: "/a", ackID: 3).string == #"451-/a,3["e"]"#)
  }
}
