import Testing

@testable import BongsuWebSocket

@Suite struct ExtensionOfferTests {
  typealias Parameter = ExtensionOffer.Parameter

  @Test func readsNamesParametersAndValues() throws {
    let offers = try ExtensionOffer.parse(["foo, bar; baz=2", "x-webkit; a ; b=c;d=\"e\" , last"])
    #expect(
      offers == [
        ExtensionOffer(name: "foo"),
        ExtensionOffer(name: "bar", parameters: [Parameter(name: "baz", value: "2")]),
        ExtensionOffer(
          name: "x-webkit",
          parameters: [
            Parameter(name: "a", value: nil), Parameter(name: "b", value: "c"), Parameter(name: "d", value: "e"),
          ]),
        ExtensionOffer(name: "last"),
      ])
    #expect(try ExtensionOffer.parse([]).isEmpty)
  }

  @Test(arguments: ["a;b=c", " a ; b = c ", "\ta;\tb=\"c\"\t", "a;b=\"\\c\"", ",a;b=c,", ", ,a;b = \"c\" , ,"])
  func spaceQuotesAndEmptyElementsMakeNoDifference(value: String) throws {
    #expect(
      try ExtensionOffer.parse([value]) == [ExtensionOffer(name: "a", parameters: [Parameter(name: "b", value: "c")])])
  }

  @Test(arguments: [
    "", " ", ",", " , ,", ";", "a;", "a;;b", "a b", "a;b c", "a;b=", "a;b=;c", "a;b=\"\"", "a;b=\"c", "a;b=\"c\\",
    "a;b=\"c d\"", "a;b=\"c,d\"", "a;b=\"c\"d", "a;b=c=d", "a=b", "a/b", "a;b/c", "a;b=c/d", "\"a\"", "a;\"b\"", "a;=b",
    "é", "a;b=é", "a;b=\"é\"", "a\u{0}", "a\r\nX: y", "a;b=\"\\\"\"", "a(b)",
  ])
  func failsForWhatTheGrammarDoesNotKnow(value: String) {
    #expect(throws: WebSocketHandshakeError.extensions) { try ExtensionOffer.parse([value]) }
    #expect(throws: WebSocketHandshakeError.extensions) {
      try ExtensionOffer.parse(["permessage-deflate, " + value + ";"])
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [",", " ", ";", "a;", "a,", "\"", "a;b=\"", "\\", "a;b=\"c\","])
  func takesLinearTime(pattern: String) {
    _ = try? ExtensionOffer.parse([String(repeating: pattern, count: 65536 / pattern.utf8.count)])
  }
}
