import Testing

@testable import BongsuWebSocket

@Suite struct WebSocketErrorTests {
  /// Each row is wrong at its last byte and not before.
  static let rows: [([UInt8], WebSocketError)] = [
    ([0xC1, 0x80], .reservedBits), ([0xA1, 0x80], .reservedBits), ([0x91, 0x80], .reservedBits),
    ([0xC9, 0x80], .reservedBits),
    ([0x83, 0x80], .reservedOpcode), ([0x87, 0x80], .reservedOpcode), ([0x8B, 0x80], .reservedOpcode),
    ([0x8F, 0x80], .reservedOpcode),
    ([0x81, 0x05], .unmaskedFrame), ([0x88, 0x00], .unmaskedFrame), ([0x82, 0x7E], .unmaskedFrame),
    ([0x09, 0x80], .fragmentedControlFrame), ([0x08, 0x80], .fragmentedControlFrame),
    ([0x89, 0xFE], .oversizedControlFrame), ([0x8A, 0xFF], .oversizedControlFrame),
    ([0x88, 0xFE], .oversizedControlFrame),
    ([0x82, 0xFE, 0x00, 0x7D, 1, 2, 3, 4], .nonMinimalLength),
    ([0x82, 0xFE, 0x00, 0x00, 1, 2, 3, 4], .nonMinimalLength),
    ([0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4], .nonMinimalLength),
    ([0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], .nonMinimalLength),
    ([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], .negativeLength),
    ([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4], .negativeLength),
    ([0x82, 0xFF] + [UInt8](repeating: 0xFF, count: 8) + [1, 2, 3, 4], .negativeLength),
    ([0x82, 0xFF, 0x7F] + [UInt8](repeating: 0xFF, count: 7) + [1, 2, 3, 4], .messageTooLarge),
    ([0x82, 0xFF, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4], .messageTooLarge),
    ([0x82, 0xFF, 0, 0, 0, 0, 0x80, 0, 0, 0, 1, 2, 3, 4], .messageTooLarge),
    ([0x82, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4], .messageTooLarge),
    ([0x80, 0x80, 1, 2, 3, 4], .continuationWithoutMessage), ([0x00, 0x85, 1, 2, 3, 4], .continuationWithoutMessage),
    ([0x01, 0x81, 0, 0, 0, 0, 0x61, 0x81, 0x80, 1, 2, 3, 4], .messageInsideMessage),
    ([0x01, 0x80, 0, 0, 0, 0, 0x02, 0x85, 1, 2, 3, 4], .messageInsideMessage),
    ([0x82, 0x81, 0, 0, 0, 0, 0x61, 0x80, 0x80, 1, 2, 3, 4], .continuationWithoutMessage),
    ([0x88, 0x81, 0, 0, 0, 0, 0x03], .truncatedCloseCode),
  ]

  @Test(arguments: rows)
  func failsAsSoonAsTheBytesShowIt(bytes: [UInt8], error: WebSocketError) {
    #expect(outcome(bytes).error == error)
    #expect(outcome(bytes, cuts: Array(1..<bytes.count)).error == error)
    #expect(outcome(bytes.dropLast()).error == nil)
  }

  /// The text of all rows is unmasked: the key is zero. The last byte is the first impossible one.
  @Test(
    arguments: [
      [0x81, 0x88, 0, 0, 0, 0, 0x61, 0xFF], [0x81, 0x88, 0, 0, 0, 0, 0xF4, 0x90], [0x81, 0x88, 0, 0, 0, 0, 0xED, 0xA0],
      [0x01, 0x88, 0, 0, 0, 0, 0xC0], [0x01, 0x81, 0, 0, 0, 0, 0xF4, 0x00, 0x81, 0, 0, 0, 0, 0x90],
      [0x01, 0x81, 0, 0, 0, 0, 0xE0, 0x89, 0x80, 0, 0, 0, 0, 0x80, 0x88, 0, 0, 0, 0, 0x9F],
      [0x01, 0x81, 0, 0, 0, 0, 0xEB, 0x80, 0x80, 0, 0, 0, 0],
      [0x81, 0x82, 0, 0, 0, 0, 0xEB, 0xB4], [0x01, 0x80, 0, 0, 0, 0, 0x80, 0x84, 0, 0, 0, 0, 0x61, 0xF0, 0x9F, 0x92],
    ] as [[UInt8]])
  func textFailsAtItsFirstImpossibleByte(bytes: [UInt8]) {
    #expect(outcome(bytes).error == .invalidText)
    #expect(outcome(bytes, cuts: Array(1..<bytes.count)).error == .invalidText)
    #expect(outcome(bytes.dropLast()).error == nil)
  }

  @Test func binaryMayBeAnything() {
    #expect(outcome([0x82, 0x82, 0, 0, 0, 0, 0xFF, 0xC0]) == Outcome(events: [.binary([0xFF, 0xC0])]))
    #expect(outcome([0x89, 0x81, 0, 0, 0, 0, 0xFF]) == Outcome(events: [.ping([0xFF])]))
  }

  @Test func aMessageMayBeAsLongAsTheLimitAndNoLonger() {
    let limits = WebSocketLimits(messageBytes: 5, fragments: 10)
    let five: [UInt8] = [1, 2, 3, 4, 5]
    #expect(outcome(clientFrame(0x82, five), limits: limits).events == [.binary(five)])
    // Refused from the header, before any payload.
    #expect(outcome([0x82, 0x86, 1, 2, 3, 4], limits: limits).error == .messageTooLarge)
    let start = clientFrame(0x02, [1, 2, 3])
    #expect(outcome(start + clientFrame(0x80, [4, 5]), limits: limits).events == [.binary(five)])
    #expect(outcome(start + [0x80, 0x83, 1, 2, 3, 4], limits: limits).error == .messageTooLarge)
    let huge: [UInt8] = [0x80, 0xFF, 0x7F] + [UInt8](repeating: 0xFF, count: 7) + [1, 2, 3, 4]
    #expect(outcome(start + huge, limits: limits).error == .messageTooLarge)
  }

  @Test func emptyFragmentsCount() {
    let limits = WebSocketLimits(messageBytes: 100, fragments: 3)
    let (first, more) = (clientFrame(0x01, []), clientFrame(0x00, []))
    #expect(outcome(first + more + clientFrame(0x80, [0x61]), limits: limits).events == [.text("a")])
    #expect(outcome(first + more + more, limits: limits).error == nil)
    #expect(outcome(first + more + more + clientFrame(0x80, []), limits: limits).error == .tooManyFragments)
    // Frames of one byte each that reads cut count in the same way.
    let bytes = clientFrame(0x02, [1]) + clientFrame(0x00, [2]) + clientFrame(0x00, [3]) + clientFrame(0x80, [4])
    #expect(outcome(bytes, cuts: Array(1..<bytes.count), limits: limits).error == .tooManyFragments)
  }

  @Test func limitsOutOfRangeBecomePossibleOnes() {
    let limits = WebSocketLimits(messageBytes: .max, fragments: 0)
    #expect(limits.messageBytes == 0x7FFF_FFFF && limits.fragments == 1)
    #expect(WebSocketLimits(messageBytes: -1, fragments: .max).messageBytes == 0)
    #expect(outcome(clientFrame(0x82, [1]), limits: limits).events == [.binary([1])])
  }

  @Test func everyErrorHasACloseCodeThatMayBeSentAndAShortReason() {
    for error in Self.rows.map(\.1) + [.tooManyFragments, .invalidText, .invalidCloseCode, .invalidCloseReason] {
      #expect(WebSocketCloseCode.isPermitted(error.closeCode))
      #expect((1...123).contains(error.reason.utf8.count))
    }
    #expect(WebSocketError.unmaskedFrame.closeCode == 1002)
    #expect(WebSocketError.invalidText.closeCode == 1007)
    #expect(WebSocketError.invalidCloseReason.closeCode == 1007)
    #expect(WebSocketError.messageTooLarge.closeCode == 1009)
    #expect(WebSocketError.tooManyFragments.closeCode == 1008)
  }
}
