import BongsuSocketIO
import NIOCore
import Testing

@Suite struct PacketBodyTests {
  @Test(arguments: [
    ("0", Body.connect(nil)),
    ("0{}", .connect("{}")),
    ("0/a, {\"token\":[1,{}]}\n", .connect("{\"token\":[1,{}]}")),
    ("1", .disconnect),
    ("1/a,", .disconnect),
    ("2[\"a\"]", .event(name: "a", arguments: [])),
    ("2[\"a\",1]", .event(name: "a", arguments: ["1"])),
    (
      "2 [ \"a\" ,\t1 , [ ] , { } ,\r\n\"x\" , null ] ",
      .event(name: "a", arguments: ["1", "[ ]", "{ }", "\"x\"", "null"])
    ),
    ("2[\"\"]", .event(name: "", arguments: [])),
    ("2[\"봉수\",\"불\"]", .event(name: "봉수", arguments: ["\"불\""])),
    ("2[\"\\u0061\\n\"]", .event(name: "a\n", arguments: [])),
    ("2[5,true]", .event(name: "5", arguments: ["true"])),
    ("2[-0]", .event(name: "0", arguments: [])),
    ("2[1.50e1]", .event(name: "15", arguments: [])),
    ("2[1e999]", .event(name: "Infinity", arguments: [])),
    ("2", .event(name: nil, arguments: [])),
    ("27", .event(name: nil, arguments: [])),
    ("50-[\"a\",1]", .event(name: "a", arguments: ["1"])),
    ("51-", .event(name: nil, arguments: [])),
    ("2[\"connection\"]", .event(name: "connection", arguments: [])),
    ("2[\"error\"]", .event(name: "error", arguments: [])),
    ("2[\"Connect\"]", .event(name: "Connect", arguments: [])),
    ("31[]", .ack([])),
    ("31[1,\"a\"]", .ack(["1", "\"a\""])),
    ("31[\"connect\"]", .ack(["\"connect\""])),
    ("3[1]", .ack(["1"])),
    ("31", .ack([])),
    ("60-1[{}]", .ack(["{}"])),
    ("4", .connectError(nil)),
    ("4\"no\"", .connectError("\"no\"")),
    ("4{\"message\":\"no\"}", .connectError("{\"message\":\"no\"}")),
  ])
  func acceptsTheShapesOfEachType(text: String, expected: Body) throws {
    #expect(try body(text) == expected)
  }

  @Test(arguments: [
    "0[]", "0\"token\"", "0null", "0true", "0{", "0{}{}", "0{}x", "0/a,[]",
    "1{\"a\":1}", "1[]", "1null", "1 ",
    "2[]", "2[ ]", "2{}", "2null", "2\"a\"", "2[null]", "2[true]", "2[{}]", "2[[\"a\"]]", "2[\"a\"", "2[\"a\",",
    "2[\"a\",]", "2[\"a\"]]", "2[\"a\"],", "2[\"a\" 1]", "2[,\"a\"]", "2[\"a\",,1]", "2[\"a]", "2[-]", "2[01]",
    "2-5[\"a\"]", "2abc[\"a\"]", "21.5[\"a\"]", "2[\"a\"]\u{0}", "2[\"a\"]\u{B}", "2\u{FEFF}[\"a\"]",
    "3{}", "31{}", "31null", "31\"a\"", "31[", "31[1", "31[1,]", "3-1[]",
    "4[]", "4null", "4\"", "4{\"message\"}",
    "51-{}", "51-[]", "51-[{}]", "51-[\"connect\"]", "61-1{}",
  ])
  func refusesEveryOtherShape(text: String) {
    #expect(throws: SocketIOParseError.invalidPayload) { try body(text) }
  }

  @Test(arguments: ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])
  func refusesReservedNamesHoweverTheyAreWritten(name: String) {
    #expect(EventName.isReserved(name))
    let everyByteEscaped = name.utf8.map { "\\u00" + String($0, radix: 16) }.joined()
    let oneByteEscaped = "\\u00" + String(name.utf8.first!, radix: 16) + name.dropFirst()
    for spelling in [name, oneByteEscaped, everyByteEscaped, everyByteEscaped.replacing("\\u006f", with: "\\u006F")] {
      #expect(throws: SocketIOParseError.invalidPayload) { try body("2[\"\(spelling)\",1]") }
      #expect(throws: SocketIOParseError.invalidPayload) { try body("20[\"\(spelling)\"]") }
    }
    #expect(throws: Never.self) { try body("2[\"\(name)x\"]") }
    #expect(throws: Never.self) { try body("2[\"x\(everyByteEscaped)\"]") }
    #expect(throws: Never.self) { try body("2[\"\(name)\\u0000\"]") }
  }

  @Test func theNameIsAtHandAsText() throws {
    let cases: [(String, String?)] = [
      ("2[ \"a\\\"b\" ,1]", "a\"b"), ("2[ 1.0 ]", "1"), ("2[-1e400]", "-Infinity"), ("2", nil),
    ]
    for (string, name) in cases {
      let text = ByteBuffer(string: string)
      let head = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 0)
      guard case .event(let event) = try PacketBody(parsing: text.readableBytesSpan, head: head) else {
        Issue.record("no event: \(string)")
        continue
      }
      #expect(event.name.text(in: text.readableBytesSpan) == name)
    }
  }
}
