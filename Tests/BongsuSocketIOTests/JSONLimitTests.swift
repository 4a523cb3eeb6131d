import BongsuSocketIO
import NIOCore
import Testing

private func nested(_ depth: Int, open: String = "[", close: String = "]") -> String {
  String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
}

@Suite struct JSONLimitTests {
  @Test func nestingIsAllowedUpToTheLimit() {
    // The array of arguments is one of the levels.
    #expect(throws: Never.self) { try body("31[\(nested(127))]") }
    #expect(throws: SocketIOParseError.invalidPayload) { try body("31[\(nested(128))]") }
    #expect(throws: Never.self) { try body("31[\(nested(127, open: "{\"a\":", close: "}"))]") }
    #expect(throws: SocketIOParseError.invalidPayload) { try body("31[\(nested(128, open: "{\"a\":", close: "}"))]") }
    #expect(throws: Never.self) { try body("0\(nested(128, open: "{\"a\":", close: "}"))") }
  }

  @Test func theLimitIsTheCallersWithinBounds() {
    let three = JSONLimits(depth: 3)
    #expect(throws: Never.self) { try body("31[[[1]]]", limits: three) }
    #expect(throws: SocketIOParseError.invalidPayload) { try body("31[[[[1]]]]", limits: three) }
    #expect(JSONLimits(depth: 1000).depth == 128)
    #expect(JSONLimits(depth: -1).depth == 1)
    var limits = JSONLimits()
    limits.depth = .max
    #expect(limits.depth == 128)
  }

  @Test func mixedContainersCloseInTheOrderTheyWereOpened() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      var open = ""
      var close = ""
      for _ in 0..<Int.random(in: 1...127, using: &generator) {
        let isArray = Bool.random(using: &generator)
        open += isArray ? "[" : "{\"a\":"
        close = (isArray ? "]" : "}") + close
      }
      #expect(throws: Never.self) { try body("31[\(open)0\(close)]") }
      #expect(throws: SocketIOParseError.invalidPayload) {
        try body("31[\(open)0\(close.replacing("]", with: "}", maxReplacements: 1))x]")
      }
    }
  }

  @Test(arguments: ["[", "{\"a\":", "[[", "[{\"a\":"])
  func aHundredThousandLevelsFailCleanly(open: String) {
    let text = String(repeating: open, count: 100_000)
    for head in ["0", "2", "31", "4", "51-", "61-1"] {
      #expect(throws: SocketIOParseError.invalidPayload) { try body(head + text) }
      #expect(throws: SocketIOParseError.invalidPayload) { try body(head + "[\"a\"," + text) }
      #expect(throws: SocketIOParseError.invalidPayload) { try body(head + "{\"a\":" + text) }
    }
  }

  /// Anything worse than linear would take minutes.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: ["1,", "{},", "\"\\u0000\",", "[[[[1]]]],", "{\"num\":1},", " ", "1", "\\u0041", "/"])
  func aMegabyteOfAnythingTakesLinearTime(unit: String) {
    let repeated = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
    for (head, tail) in [
      ("51-[\"a\",[", "1]]"), ("2[\"", "\"]"), ("2", ""), ("2[\"a\",", "1]"), ("51-[\"a\",{\"", "\":1}]"),
    ] {
      _ = try? body(head + repeated + tail)
    }
  }
}
