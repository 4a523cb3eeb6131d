import BongsuBytes
import BongsuWebSocket
import NIOCore
import Testing

@testable import Bongsu

@Suite struct PacketOffsetTests {
  @Test func anOffsetIsReadAsItWasWritten() {
    let offset = PacketOffset(position: 36, signature: 0xFFFF_FFFF)
    #expect(offset.text == "10-1z141z3")
    #expect(PacketOffset("10-1z141z3") == offset)
    #expect(PacketOffset("1-0") == PacketOffset(position: 1, signature: 0))
  }

  @Test(arguments: [
    "", "-", "1", "1-", "-1", "1-2-3", "+1-2", "1-+2", "01-2", "1-02", "A-1", "1-Z", "1- 2", "1-2 ", "é-1",
    "1-3w5e11264sgsg", "3w5e11264sgsg-1", "O8FX2AC", "hello", "1700000000000-0x", "1\u{0}-2",
  ])
  func whatNoLogHasWrittenIsNoOffset(_ text: String) {
    #expect(PacketOffset(text) == nil)
  }

  private func log(key: (UInt64, UInt64), packets: Int) -> (log: PacketLog, offsets: [String]) {
    var log = PacketLog(key: key, time: .seconds(10), bytes: .max, count: .max)
    let message = Message(content: .plain(ByteBuffer(string: "x"), .text))
    let offsets = (0..<packets).map { _ in log.append(message, to: Target(), now: nil).offset }
    return (log, offsets)
  }

  @Test func aLogKnowsItsOwnOffsetsAndNoOthers() throws {
    let (log, offsets) = log(key: (1, 2), packets: 3)
    #expect(offsets.map { log.position(of: $0) } == [1, 2, 3])
    for (position, text) in offsets.enumerated() {
      let signature = try #require(text.split(separator: "-").last)
      // The next one's position, or another signature.
      #expect(log.position(of: "\(position + 2)-\(signature)") == nil)
      let offset = try #require(PacketOffset(text))
      for bit in 0..<48 as Range<UInt64> {
        let forged = PacketOffset(position: offset.position, signature: offset.signature ^ 1 << bit)
        #expect(log.position(of: forged.text) == nil)
      }
    }
    let other = self.log(key: (1, 3), packets: 3).log
    #expect(offsets.allSatisfy { other.position(of: $0) == nil })
  }
}
