import BongsuSession
import BongsuSocketIO
import NIOCore
import Testing

@testable import Bongsu

@Suite struct EventOffsetTests {
  private func appended(
    _ json: String, attachments: [[UInt8]] = [], parser: Parser
  ) throws -> (before: EncodedEvent, after: EncodedEvent) {
    let event = Arguments(ByteBuffer(string: json), attachments: attachments.map { ByteBuffer(bytes: $0) })
    let before = try EncodedEvent(event, namespace: "/ns", ackID: nil, parser: parser)
    return (before, try before.appending("1z141z3-10", namespace: "/ns", parser: parser))
  }

  @Test func theOffsetFollowsTheArguments() throws {
    #expect(try appended(#""a""#, parser: .default).after.string == #"42/ns,["a","1z141z3-10"]"#)
    #expect(try appended(#""a",{"b":[1]}"#, parser: .default).after.string == #"42/ns,["a",{"b":[1]},"1z141z3-10"]"#)
    let binary = try appended(#""a",{"_placeholder":true,"num":0}"#, attachments: [[1, 2]], parser: .default).after
    #expect(binary.string == #"451-/ns,["a",{"_placeholder":true,"num":0},"1z141z3-10"]"#)
    #expect(binary.packets.count == 2 && binary.packets[1] == .binary(ByteBuffer(bytes: [1, 2])))
  }

  @Test func theOffsetIsAStringInMessagePackToo() throws {
    let event = try appended(#""a",7"#, parser: .msgpack).after.elements
    #expect(event.count == 3)
    #expect(Array(event.written.readableBytesView) == [0xA1, 0x61, 7, 0xAA] + Array("1z141z3-10".utf8))
  }

  @Test(arguments: [#""a""#, #""message","ü""#, #""message","a","b""#, #""a",{"b":[1]},null"#])
  func plainWebSocketsAreSentWhatTheyWouldBeWithoutIt(_ json: String) throws {
    for parser in [Parser.default, .msgpack] {
      let (before, after) = try appended(json, parser: parser)
      #expect(after.plainFrames(without: "1z141z3-10") == before.plainFrames)
    }
    #expect(EncodedEvent.nothing.plainFrames(without: "1z141z3-10") == ByteBuffer())
  }

  @Test func plainWebSocketsAreSentAttachments() throws {
    let json = #""message",{"_placeholder":true,"num":0}"#
    for parser in [Parser.default, .msgpack] {
      let (before, after) = try appended(json, attachments: [[1, 2, 3]], parser: parser)
      #expect(after.plainFrames(without: "1z141z3-10") == before.plainFrames)
    }
  }
}
