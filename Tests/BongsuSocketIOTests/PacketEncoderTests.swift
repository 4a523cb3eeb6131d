import BongsuSocketIO
import NIOCore
import Testing

private func written(_ body: (inout ByteBuffer) -> Void) -> String {
  var output = ByteBuffer()
  body(&output)
  return String(buffer: output)
}

private let one = ByteBuffer(string: "1")
private let placeholder = ByteBuffer(string: #"{"_placeholder":true,"num":0}"#)

@Suite struct PacketEncoderTests {
  @Test func writesConnect() {
    #expect(written { PacketEncoder.connect(sid: "abc", into: &$0) } == #"40{"sid":"abc"}"#)
    #expect(written { PacketEncoder.connect(sid: "abc", namespace: "/a", into: &$0) } == #"40/a,{"sid":"abc"}"#)
    #expect(
      written { PacketEncoder.connect(sid: "a", pid: "b", framing: .bare, into: &$0) } == #"0{"sid":"a","pid":"b"}"#)
  }

  @Test func writesConnectError() {
    #expect(
      written { PacketEncoder.connectError(message: "Invalid namespace", namespace: "/x", into: &$0) }
        == #"44/x,{"message":"Invalid namespace"}"#)
    #expect(
      written { PacketEncoder.connectError(message: "no \"x\"", data: one, framing: .bare, into: &$0) }
        == #"4{"message":"no \"x\"","data":1}"#)
  }

  @Test func aPrefixSaysHowLongItIs() throws {
    for type in [PacketType.event, .ack, .binaryEvent, .binaryAck, .disconnect] {
      for namespace in ["/", "/a", "/봉수"] {
        for id in [nil, 0, 9, 10, 99, 100, 1 << 52] as [UInt64?] {
          for attachments in [0, 1, 10, 123] {
            let prefix = PacketPrefix(
              type, namespace: namespace, ackID: id.map { AckID($0) }, attachments: attachments)
            let bytes = ByteBuffer(initialCapacity: prefix.count) { prefix.append(to: &$0) }
            #expect(bytes.readableBytes == prefix.count)
          }
        }
      }
    }
  }

  @Test func writesDisconnect() {
    #expect(written { PacketEncoder.disconnect(into: &$0) } == "41")
    #expect(written { PacketEncoder.disconnect(namespace: "/a", into: &$0) } == "41/a,")
    #expect(written { PacketEncoder.disconnect(framing: .bare, into: &$0) } == "1")
  }

  @Test func writesEvents() {
    #expect(written { PacketEncoder.event("a", arguments: [], into: &$0) } == #"42["a"]"#)
    #expect(written { PacketEncoder.event("a\n", arguments: [one, one], into: &$0) } == #"42["a\n",1,1]"#)
    #expect(
      written { PacketEncoder.event("봉", arguments: [one], namespace: "/a", ackID: 12, into: &$0) }
        == #"42/a,12["봉",1]"#)
    #expect(
      written { PacketEncoder.event("a", arguments: [placeholder], ackID: 0, attachments: 1, into: &$0) }
        == #"451-0["a",{"_placeholder":true,"num":0}]"#)
    #expect(
      written { PacketEncoder.event("a", arguments: [], namespace: "/b", attachments: 2, framing: .bare, into: &$0) }
        == #"52-/b,["a"]"#)
  }

  @Test func writesEventsFromElements() {
    let elements = ByteBuffer(string: #""a", [1] ,2"#)
    #expect(
      written { PacketEncoder.event(elements: elements.readableBytesSpan, into: &$0) } == #"42["a", [1] ,2]"#)
    #expect(
      written {
        PacketEncoder.event(
          elements: elements.readableBytesSpan, namespace: "/n", ackID: 7, attachments: 3, framing: .bare, into: &$0)
      } == #"53-/n,7["a", [1] ,2]"#)
  }

  @Test func writesAcks() {
    #expect(written { PacketEncoder.ack(AckID(7), arguments: [], into: &$0) } == "437[]")
    #expect(
      written {
        PacketEncoder.ack(AckID(7), arguments: [one, placeholder], namespace: "/a", attachments: 1, into: &$0)
      }
        == #"461-/a,7[1,{"_placeholder":true,"num":0}]"#)
    let elements = ByteBuffer(string: "1,2")
    #expect(
      written { PacketEncoder.ack(AckID(7), elements: elements.readableBytesSpan, framing: .bare, into: &$0) }
        == "37[1,2]")
    #expect(
      written { PacketEncoder.ack(AckID(7), elements: ByteBuffer().readableBytesSpan, attachments: 2, into: &$0) }
        == "462-7[]")
  }

  @Test(arguments: [
    ("42007[\"a\"]", "437[]"), ("42 5[\"a\"]", "435[]"),
    ("42100000000000000000000[\"a\"]", "43100000000000000000000[]"),
  ])
  func answersWithTheNumberThatWasAsked(event: String, answer: String) throws {
    let text = ByteBuffer(string: String(event.dropFirst()))
    let head = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 0)
    let id = try #require(head.ackID)
    #expect(written { PacketEncoder.ack(id, arguments: [], into: &$0) } == answer)
  }

  /// The room that is made beforehand is enough, whatever the buffer's capacity is rounded to.
  @Test func theLongestOfEverythingFits() throws {
    let digits = "17976931348623157" + String(repeating: "0", count: 292)
    let event = ByteBuffer(string: "2\(digits)[\"a\"]")
    let id = try #require(try PacketHead(parsing: event.readableBytesSpan, maximumAttachments: 0).ackID)
    for count in 0...300 {
      let name = "/" + String(repeating: "n", count: count)
      let head = "46\(Int.max)-\(count == 0 ? "" : name + ",")1.7976931348623157e+308"
      #expect(
        written { PacketEncoder.ack(id, arguments: [], namespace: name, attachments: .max, into: &$0) }
          == head + "[]")
      #expect(
        written { PacketEncoder.writeHead(.binaryAck, namespace: name, ackID: id, attachments: .max, into: &$0) }
          == head)
      let controls = String(repeating: "\u{1}", count: count)
      #expect(
        written { PacketEncoder.event(controls, arguments: [one, one], into: &$0) }
          == "42[\"" + String(repeating: "\\u0001", count: count) + "\",1,1]")
    }
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    var output = ByteBuffer()
    let arguments = [one, ByteBuffer(string: #"{"a":[]}"#)]
    PacketEncoder.event("a\"b", arguments: arguments, namespace: "/n", ackID: 3, framing: .bare, into: &output)
    let text = String(buffer: output)
    #expect(
      try head(text) == Head(type: .event, namespace: "/n", id: "3", payload: #"["a\"b",1,{"a":[]}]"#))
    #expect(try body(text) == .event(name: "a\"b", arguments: ["1", #"{"a":[]}"#]))
  }
}
