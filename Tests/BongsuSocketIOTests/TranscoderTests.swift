import BongsuMessagePack
import BongsuSocketIO
import NIOCore
import Testing

@Suite struct TranscoderTests {
  private func json(_ digits: String, _ form: JSONTranscoder.Bytes = .attachments) throws -> (String, [[UInt8]]) {
    let bytes = hex(digits)
    var reader = MessagePackReader()
    var transcoder = JSONTranscoder(form)
    try transcoder.append(1, from: &reader, in: bytes.readableBytesSpan)
    #expect(reader.position == bytes.readableBytes)
    return (String(buffer: transcoder.json), transcoder.attachments.map(\.bytes))
  }

  @Test(arguments: [
    ("c0", "null"), ("c2", "false"), ("c3", "true"), ("00", "0"), ("ff", "-1"),
    ("cfffffffffffffffff", "18446744073709551615"),
    ("d38000000000000000", "-9223372036854775808"), ("cb3ff8000000000000", "1.5"), ("cb8000000000000000", "0"),
    ("cb7ff0000000000000", "null"), ("cb7ff8000000000000", "null"), ("cb444b1ae4d6e2ef50", "1e+21"),
    ("ca3f800000", "1"),
    ("a0", #""""#), ("a161", #""a""#), ("90", "[]"), ("9301a16190", #"[1,"a",[]]"#),
    ("80", "{}"), ("d40000", "null"),
    ("d6ff00000001", #""1970-01-01T00:00:01.000Z""#), ("c70cff000000007fffffffffffffff", "null"),
  ])
  func messagePackBecomesWhatJavaScriptWouldWrite(digits: String, text: String) throws {
    #expect(try json(digits) == (text, []))
  }

  @Test func namesAndTextAreEscaped() throws {
    #expect(try json("a6 22 0a 5c 00 c3 bc") == (#""\"\n\\\u0000ü""#, []))
    #expect(try json("82 a1 22 01 a1 62 90") == (#"{"\"":1,"b":[]}"#, []))
  }

  @Test func bytesBecomeAttachmentsOrBase64() throws {
    let digits = "93 c40101 81a161c400 c7020007ff"
    let placeholders = (0...2).map { #"{"_placeholder":true,"num":\#($0)}"# }
    #expect(
      try json(digits)
        == (#"[\#(placeholders[0]),{"a":\#(placeholders[1])},\#(placeholders[2])]"#, [[1], [], [7, 0xFF]]))
    #expect(try json(digits, .base64) == (#"["AQ==",{"a":""},"B/8="]"#, []))
    #expect(try json("d40507") == (#"[5,{"_placeholder":true,"num":0}]"#, [[7]]))
  }

  @Test func whatIsBrokenOrTooDeepIsAnError() throws {
    for digits in ["", "c1", "91", "81a161", "810101", "a1ff"] {
      #expect(throws: MessagePackError.self) { try json(digits) }
    }
    #expect(try json(String(repeating: "91", count: 128) + "01").0.count == 257)
    #expect(throws: MessagePackError.tooDeep) { try json(String(repeating: "91", count: 129) + "01") }
    #expect(throws: MessagePackError.tooDeep) { try json(String(repeating: "81a161", count: 129) + "01") }
  }

  private func tree(_ json: String, _ attachments: [[UInt8]] = []) -> MessagePackValue? {
    let text = ByteBuffer(string: json)
    return MessagePackValue(json: text.readableBytesSpan, attachments: attachments.map { ByteBuffer(bytes: $0) })
  }

  @Test func jsonBecomesMessagePack() {
    #expect(tree("null") == .null && tree(" true ") == .bool(true) && tree("false") == .bool(false))
    #expect(tree("0") == .integer(0) && tree("-9223372036854775808") == .integer(.min) && tree("-0") == .integer(0))
    #expect(tree("18446744073709551615") == .unsigned(.max) && tree("18446744073709551616") == .number(0x1p64))
    #expect(tree("1.5e1") == .number(15) && tree("1e999") == .number(.infinity))
    #expect(tree(#""a\"\u00fc""#) == .string("a\"ü") && tree("[]") == .array([]) && tree("{ }") == .map([]))
    #expect(
      tree(#"{"a":[1,{"b":null}],"a":2}"#)
        == .map([
          .init("a", .array([.integer(1), .map([.init("b", .null)])])), .init("a", .integer(2)),
        ]))
  }

  @Test func placeholdersBecomeBytes() {
    let one = #"{"_placeholder":true,"num":0}"#
    let map = MessagePackValue.map([.init("_placeholder", .bool(true)), .init("num", .integer(0))])
    #expect(tree(one, [[7]]) == .binary(hex("07")) && tree(one) == map)
    #expect(tree("[\(one),\(one)]", [[7]]) == .array([.binary(hex("07")), .binary(hex("07"))]))
    for other in [#"{"_placeholder":true,"num":1}"#, #"{"_placeholder":1,"num":0}"#, #"{"_placeholder":true}"#] {
      if case .map? = tree(other, [[7]]) { continue }
      Issue.record("\(other) is no placeholder")
    }
  }

  @Test func whatIsNoJSONBecomesNothing() {
    for bad in ["", "[", "1 2", "1,2", "]", "[1]]", "{\"a\"}", "nul", "01", String(repeating: "[", count: 200)] {
      #expect(tree(bad) == nil, "\(bad)")
    }
    #expect(tree(String(repeating: "[", count: 127) + String(repeating: "]", count: 127)) != nil)
    #expect(tree(String(repeating: "[", count: 128) + String(repeating: "]", count: 128)) == nil)
  }

  @Test func argumentsCanBeLookedIntoInBothNotations() throws {
    // relay({"to":["a"],"self":true}, "e"), once in each.
    let text = ByteBuffer(string: #"2["relay",{"to":["a"],"self":true},"e"]"#)
    let packed = hex(
      """
      83 a474797065 02 a464617461 93 a572656c6179 82 a2746f 91a161 a473656c66 c3 a165 a36e7370 a12f
      """)
    let head = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 0)
    for (bytes, body) in [
      (text, try PacketBody(parsing: text.readableBytesSpan, head: head)),
      (packed, try PackedPacket(parsing: packed.readableBytesSpan).body),
    ] {
      let span = bytes.readableBytesSpan
      guard case .event(let event) = body, let options = ArgumentValue(0, of: event.arguments, in: span) else {
        Issue.record("no event")
        continue
      }
      var members: [String] = []
      var rooms: [String?] = []
      options.forEachMember(in: span) { key, value in
        members.append("\(key) \(value.bool.map { "\($0)" } ?? "-")")
        value.forEachElement(in: span) { rooms.append($0.string(in: span)) }
      }
      let name = ArgumentValue(1, of: event.arguments, in: span)?.string(in: span)
      let nothing = ArgumentValue(2, of: event.arguments, in: span)
      let text = options.string(in: span)
      #expect(options.kind == .object && members == ["to -", "self true"] && rooms == ["a"])
      #expect(name == "e" && nothing == nil && text == nil)
    }
  }
}
