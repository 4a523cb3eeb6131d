import BongsuSocketIO
import Testing

@Suite struct PlaceholderTests {
  @Test(arguments: [
    ("51-[\"a\",{\"_placeholder\":true,\"num\":0}]", 1),
    ("52-[\"a\",{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}]", 2),
    ("52-[\"a\",[{\"b\":{ \"num\" : 1 , \"_placeholder\" : true }}]]", 1),
    ("510-[\"a\",{\"_placeholder\":true,\"num\":9}]", 1),
    // Numbers may repeat or be left out.
    ("52-[\"a\",{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":1}]", 2),
    ("52-[\"a\"]", 0),
    // Not placeholders.
    ("51-[\"a\",{\"_placeholder\":false,\"num\":7}]", 0),
    ("51-[\"a\",{\"_placeholder\":\"true\",\"num\":7}]", 0),
    ("51-[\"a\",{\"_placeholder\":1}]", 0),
    ("51-[\"a\",{\"_Placeholder\":true}]", 0),
    ("51-[\"a\",{\"num\":7}]", 0),
    ("51-[\"a\",[\"_placeholder\",true]]", 0),
    ("51-[\"a\",{\"_placeholder\":{\"_placeholder\":false}}]", 0),
    // The last of several members with one name counts.
    ("51-[\"a\",{\"_placeholder\":true,\"num\":7,\"num\":0}]", 1),
    ("51-[\"a\",{\"_placeholder\":true,\"_placeholder\":null,\"num\":7}]", 0),
    // Escaped spellings.
    ("51-[\"a\",{\"\\u005fplaceholder\":true,\"n\\u0075m\":0}]", 1),
    ("51-[\"a\",{\"_placeholder\":true,\"x\":1,\"num\":0,\"y\":{\"num\":5}}]", 1),
    // Extra members do not matter.
    ("51-[\"a\",{\"y\":{\"_placeholder\":false},\"_placeholder\":true,\"num\":0}]", 1),
  ])
  func findsWhatStandsForAnAttachment(text: String, count: Int) throws {
    guard case .event(_, _, let placeholders) = try body(text) else {
      Issue.record("no event")
      return
    }
    #expect(placeholders == count)
  }

  @Test(arguments: [
    "-1", "1", "10", "0.5", "0.0", "1e0", "0e0", "-0", "\"0\"", "\"__proto__\"", "null", "true", "[0]", "{}",
    "99999999999999999999", "1e999",
  ])
  func refusesANumberThatIsNoAttachment(number: String) {
    for type in ["51-", "61-1"] {
      let json = "[\"a\",{\"_placeholder\":true,\"num\":\(number)}]"
      #expect(throws: SocketIOParseError.illegalPlaceholder) { try body(type + json) }
      let turned = "[\"a\",[{\"num\":\(number),\"_placeholder\":true}]]"
      #expect(throws: SocketIOParseError.illegalPlaceholder) { try body(type + turned) }
    }
  }

  @Test(arguments: [
    "51-[\"a\",{\"_placeholder\":true}]",
    "50-[\"a\",{\"_placeholder\":true,\"num\":0}]",
    "51-[\"a\",{\"_placeholder\":true,\"num\":0,\"num\":1}]",
    "51-[\"a\",{\"_placeholder\":true,\"x\":{\"num\":0}}]",
    "51-[\"a\",{\"_placeholder\":true,\"x\":{\"_placeholder\":true,\"num\":3},\"num\":0}]",
    "51-[\"a\",{\"num\":0},{\"_placeholder\":true}]",
    "51-[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
    "51-[\"a\",{\"\\u005Fplaceholder\":true,\"num\":4}]",
  ])
  func refusesAPlaceholderWithoutItsAttachment(text: String) {
    #expect(throws: SocketIOParseError.illegalPlaceholder) { try body(text) }
  }

  @Test func textPacketsMayCarryObjectsThatLookLikePlaceholders() throws {
    let look = "{\"_placeholder\":true,\"num\":7}"
    #expect(try body("2[\"a\",\(look)]") == .event(name: "a", arguments: [look]))
    #expect(try body("31[\(look)]") == .ack([look]))
  }

  @Test func siblingsAtEveryDepthKeepTheirOwnMarks() throws {
    // One legal placeholder, then an object with nothing but a number at the same depth, and so on downwards.
    for depth in 0..<120 {
      let open = String(repeating: "[", count: depth)
      let close = String(repeating: "]", count: depth)
      let inner = "{\"_placeholder\":true,\"num\":0},{\"num\":5},{\"_placeholder\":false}"
      guard case .event(_, _, let placeholders) = try body("51-[\"a\",\(open)\(inner)\(close)]") else {
        Issue.record("no event")
        return
      }
      #expect(placeholders == 1, "depth \(depth)")
    }
  }
}
