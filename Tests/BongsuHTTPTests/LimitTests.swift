import BongsuHTTP
import Testing

@Suite struct LimitTests {
  private func request(target: Int = 1, lines: Int = 0, padding: Int = 0) -> [UInt8] {
    var text = "GET /" + String(repeating: "a", count: target - 1) + " HTTP/1.1\r\nHost: a\r\n"
    text += String(repeating: "X: y\r\n", count: lines)
    if padding > 0 { text += "P:" + String(repeating: "p", count: padding - 4) + "\r\n" }
    return Array((text + "\r\n").utf8)
  }

  @Test func acceptsAHeadOfExactlyTheLimit() {
    let limits = HTTPLimits(headBytes: 300)
    let least = request().count
    #expect(refusal(of: request(padding: 300 - least), limits: limits) == nil)
    #expect(refusal(of: request(padding: 301 - least), limits: limits) == .headTooLarge)
    #expect(refusal(of: request(padding: 302 - least), limits: limits) == .headTooLarge)
  }

  @Test func refusesAHeadThatNeverEndsAtTheLimit() {
    let limits = HTTPLimits(headBytes: 200)
    let endless = Array("GET / HTTP/1.1\r\nX: ".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 500)
    #expect(refusal(of: Array(endless[..<199]), limits: limits) == nil)
    #expect(refusal(of: Array(endless[..<200]), limits: limits) == .headTooLarge)
    #expect(refusal(of: endless, limits: limits) == .headTooLarge)
  }

  @Test func countsFieldLines() {
    let limits = HTTPLimits(headerCount: 5)
    #expect(refusal(of: request(lines: 4), limits: limits) == nil)
    #expect(refusal(of: request(lines: 5), limits: limits) == .headTooLarge)
    #expect(refusal(of: request(lines: 40), limits: limits) == .headTooLarge)
  }

  @Test func acceptsATargetOfExactlyTheLimit() {
    let limits = HTTPLimits(targetBytes: 100)
    #expect(refusal(of: request(target: 100), limits: limits) == nil)
    #expect(refusal(of: request(target: 101), limits: limits) == .targetTooLong)
    #expect(refusal(of: request(target: 280), limits: limits) == .targetTooLong)
    let endless = Array("GET /".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 200)
    #expect(refusal(of: endless, limits: limits) == .targetTooLong)
  }

  @Test func survivesLimitsOfAnySize() {
    for number in [Int.min, -1, 0, 1, 65_535, 65_536, Int.max] {
      let limits = HTTPLimits(headBytes: number, headerCount: number, targetBytes: number)
      let outcome = refusal(of: request(), limits: limits)
      #expect((outcome == nil) == (number > 1))
    }
  }

  @Test func keepsHeadsWithinSixteenBits() {
    var limits = HTTPLimits(headBytes: 1_000_000)
    #expect(limits.headBytes == 65_535)
    limits.headBytes = 70_000
    #expect(limits.headBytes == 65_535)
  }
}
