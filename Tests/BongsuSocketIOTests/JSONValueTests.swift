import BongsuSocketIO
import NIOCore
import Testing

private func value(_ text: ByteBuffer) -> JSONValue? {
  JSONValue(in: text.readableBytesSpan, at: 0..<text.readableBytes)
}

private func members(_ text: ByteBuffer) -> [String] {
  var members: [String] = []
  value(text)?.forEachMember(in: text.readableBytesSpan) { key, value in
    members.append("\(key)=\(slice(text, value.range))")
  }
  return members
}

private func elements(_ text: ByteBuffer) -> [String] {
  var elements: [String] = []
  value(text)?.forEachElement(in: text.readableBytesSpan) { elements.append(slice(text, $0.range)) }
  return elements
}

@Suite struct JSONValueTests {
  @Test func knowsEveryKind() {
    let kinds: [(String, JSONValue.Kind)] = [
      ("{}", .object), ("[]", .array), ("\"\"", .string), ("0", .number), ("-1", .number), ("true", .true),
      ("false", .false), ("null", .null),
    ]
    for (text, kind) in kinds { #expect(value(ByteBuffer(string: text))?.kind == kind) }
    #expect(value(ByteBuffer()) == nil)
    #expect(value(ByteBuffer(string: "x")) == nil)
    #expect(JSONValue(in: ByteBuffer(string: "1").readableBytesSpan, at: 0..<2) == nil)
  }

  @Test func readsScalars() {
    func string(_ text: String) -> String? {
      let text = ByteBuffer(string: text)
      return value(text)?.string(in: text.readableBytesSpan)
    }
    func number(_ text: String) -> Double? {
      let text = ByteBuffer(string: text)
      return value(text)?.number(in: text.readableBytesSpan)
    }
    #expect(string(#""a\u0062""#) == "ab")
    #expect(string("1") == nil)
    #expect(number("-1.5e3") == -1500)
    #expect(number("1e999") == .infinity)
    #expect(number("\"1\"") == nil)
    #expect(value(ByteBuffer(string: "true"))?.bool == true)
    #expect(value(ByteBuffer(string: "false"))?.bool == false)
    #expect(value(ByteBuffer(string: "null"))?.bool == nil)
  }

  @Test func visitsMembersInOrder() {
    let options = ByteBuffer(
      string: #"{ "to" : ["a", {"b":[1]}] ,"except":"c","s\u0065lf":true,"volatile":{"x":{}}, "to":null }"#)
    #expect(
      members(options) == [#"to=["a", {"b":[1]}]"#, #"except="c""#, "self=true", #"volatile={"x":{}}"#, "to=null"])
    #expect(members(ByteBuffer(string: "{}")).isEmpty)
    #expect(members(ByteBuffer(string: "[1]")).isEmpty)
    let to = value(options)?.member("to", in: options.readableBytesSpan)
    #expect(to?.kind == .null)
    let missing = value(options)?.member("missing", in: options.readableBytesSpan)
    #expect(missing == nil)
  }

  @Test func visitsElementsInOrder() {
    #expect(elements(ByteBuffer(string: #"[ "a" ,[1, 2],{"b":3}, null]"#)) == ["\"a\"", "[1, 2]", "{\"b\":3}", "null"])
    #expect(elements(ByteBuffer(string: "[ ]")).isEmpty)
    #expect(elements(ByteBuffer(string: #"{"a":1}"#)).isEmpty)
  }

  @Test func countsFromTheStartOfThePacket() throws {
    let text = ByteBuffer(string: #"2["relay",{"to":"room"},"event"]"#)
    let head = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 0)
    guard case .event(let event) = try PacketBody(parsing: text.readableBytesSpan, head: head),
      let range = event.arguments.argument(0),
      let options = JSONValue(in: text.readableBytesSpan, at: range)
    else {
      Issue.record("no options")
      return
    }
    let room = options.member("to", in: text.readableBytesSpan)?.string(in: text.readableBytesSpan)
    #expect(room == "room")
  }

  @Test(arguments: [
    (#"{"_placeholder":true,"num":3}"#, 3), (#"{"num":0,"_placeholder":true}"#, 0),
    (#"{"_placeholder":false,"num":3}"#, nil),
    (#"{"num":3}"#, nil), ("[]", nil), (#"{"_placeholder":true}"#, nil), (#"{"_placeholder":true,"num":0.5}"#, nil),
  ])
  func recognisesAPlaceholder(json: String, number: Int?) {
    let text = ByteBuffer(string: json)
    let placeholder = value(text)?.placeholder(in: text.readableBytesSpan)
    #expect(placeholder == number)
  }

  @Test func invalidTextIsReadWithoutATrap() {
    let alphabet = Array("[]{}\",:1".utf8)
    for count in 1...5 {
      var digits = [Int](repeating: 0, count: count)
      repeat {
        let text = ByteBuffer(bytes: digits.map { alphabet[$0] })
        _ = members(text)
        _ = elements(text)
      } while advance(&digits, below: alphabet.count)
    }
  }
}
