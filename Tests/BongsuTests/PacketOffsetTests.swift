import Testing

@testable import Bongsu

@Suite struct PacketOffsetTests {
  @Test func anOffsetIsReadAsItWasWritten() {
    let offset = PacketOffset(epoch: 0xFFFF_FFFF, position: 36)
    #expect(offset.text == "1z141z3-10")
    #expect(PacketOffset("1z141z3-10") == offset)
    #expect(PacketOffset("0-1") == PacketOffset(epoch: 0, position: 1))
  }

  @Test(arguments: [
    "", "-", "1", "1-", "-1", "1-2-3", "+1-2", "1-+2", "01-2", "1-02", "A-1", "1-Z", "1z141z4-1", "1- 2", "1-2 ", "é-1",
    "1-3w5e11264sgsg", "O8FX2AC", "hello", "1700000000000-0x", "1\u{0}-2",
  ])
  func whatNoLogHasWrittenIsNoOffset(_ text: String) {
    #expect(PacketOffset(text) == nil)
  }
}
