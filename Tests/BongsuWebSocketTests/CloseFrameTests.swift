import Testing

@testable import BongsuWebSocket

@Suite struct CloseFrameTests {
  /// A close frame with a key of zeros.
  func received(_ payload: [UInt8]) -> Outcome {
    let bytes: [UInt8] = [0x88, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
    let whole = outcome(bytes)
    #expect(outcome(bytes, cuts: Array(1..<bytes.count)) == whole)
    return whole
  }

  @Test func anEmptyFrameHasNoCode() {
    #expect(received([]) == Outcome(events: [.close(nil, "")]))
  }

  @Test func aFrameMayHaveACodeAlone() {
    #expect(received([0x03, 0xE8]) == Outcome(events: [.close(1000, "")]))
    #expect(received([0x0F, 0xA1]) == Outcome(events: [.close(4001, "")]))
  }

  @Test func theReasonMayFillTheFrame() {
    let reason = String(repeating: "é", count: 61) + "!"
    #expect(received([0x03, 0xE9] + Array(reason.utf8)) == Outcome(events: [.close(1001, reason)]))
  }

  @Test func oneByteIsNoCode() {
    #expect(received([0x03]) == Outcome(error: .truncatedCloseCode))
  }

  @Test func exactlyTheRegisteredAndFreeCodesArePermitted() {
    let permitted = Set(1000...1003).union(1007...1014).union(3000...4999)
    for code in 0...65535 {
      let high = UInt8(code >> 8)
      let low = UInt8(code & 0xFF)
      let outcome = outcome([0x88, 0x82, 0, 0, 0, 0, high, low])
      if (outcome.error == nil) != permitted.contains(code) { Issue.record("\(code)") }
    }
    #expect(received([0x03, 0xED]).error == .invalidCloseCode)
  }

  @Test func theReasonMustBeWholeUTF8() {
    #expect(received([0x03, 0xE8, 0xFF]).error == .invalidCloseReason)
    #expect(received([0x03, 0xE8, 0x61, 0xEB, 0xB4]).error == .invalidCloseReason)
  }

  @Test func aWrongCodeIsReportedBeforeAWrongReason() {
    #expect(received([0x03, 0xED, 0xFF]).error == .invalidCloseCode)
  }

  @Test func aCloseMayComeBetweenFragmentsAndIsTheEnd() {
    let bytes = clientFrame(0x01, [0x61]) + clientFrame(0x88, [0x03, 0xE8]) + clientFrame(0x80, [0x62])
    for cut in 0...bytes.count {
      #expect(outcome(bytes, cuts: [cut]) == Outcome(events: [.close(1000, "")]))
    }
  }
}
