import BongsuWebSocket
import NIOCore
import Testing

@testable import Bongsu

/// Members of one room that came by plain WebSocket and by Socket.IO hear each other: the mapping, both ways.
@Suite struct MessageTests {
  private func plain(_ elements: String, attachments: [[UInt8]] = [], namespace: String = "/") throws -> [UInt8] {
    let event = try EncodedEvent(elements, attachments: attachments, namespace: namespace, ackID: nil)
    return Message(content: .event(event)).plainFrames.bytes
  }

  private func text(_ text: String) -> [UInt8] { [0x81, UInt8(text.utf8.count)] + Array(text.utf8) }

  @Test func aPlainTextIsTheEventMessage() throws {
    let message = Message(content: .plain(ByteBuffer(string: "say \"hi\"\n\\ ü"), .text))
    #expect(try message.event(namespace: "/", parser: .default).string == #"42["message","say \"hi\"\n\\ ü"]"#)
    #expect(try message.event(namespace: "/a", parser: .default).string == #"42/a,["message","say \"hi\"\n\\ ü"]"#)
    #expect(message.plainFrames.bytes == text("say \"hi\"\n\\ ü"))
  }

  @Test func aPlainBinaryIsTheEventMessageWithAnAttachment() throws {
    let message = Message(content: .plain(ByteBuffer(bytes: [0, 0xFF]), .binary))
    let event = try message.event(namespace: "/", parser: .default)
    #expect(event.string == #"451-["message",{"_placeholder":true,"num":0}]"#)
    #expect(event.attached == [[0, 0xFF]])
    #expect(message.plainFrames.bytes == [0x82, 2, 0, 0xFF])
  }

  @Test func theEventMessageWithAStringIsThatText() throws {
    #expect(try plain(#""message","hello""#) == text("hello"))
    #expect(try plain(#""message","""#) == [0x81, 0])
    #expect(try plain(#""message","a\"b\\\u00fc\n""#) == text("a\"b\\ü\n"))
    #expect(try plain(#""message","hello""#, namespace: "/some/where") == text("hello"))
  }

  @Test func theEventMessageWithBytesIsThatBinary() throws {
    #expect(try plain(#""message",{"_placeholder":true,"num":0}"#, attachments: [[1, 2, 3]]) == [0x82, 3, 1, 2, 3])
    #expect(try plain(#""message",{"_placeholder":true,"num":0}"#, attachments: [[]]) == [0x82, 0])
  }

  @Test(arguments: [
    #""news","hello""#, #""message""#, #""message",1"#, #""message","a","b""#, #""message","a","""#,
    #""message",["a"]"#,
    #""message",null"#, #""message",{"text":"a"}"#, #""message\\","a""#, #""Message","a""#, "5", #""message","a",1"#,
  ])
  func anyOtherEventIsItsJSON(elements: String) throws {
    #expect(try plain(elements) == text("[\(elements)]"))
    #expect(try plain(elements, namespace: "/a") == text("[\(elements)]"))
  }

  @Test(arguments: [
    #""news",{"_placeholder":true,"num":0}"#, #""message",{"_placeholder":true,"num":0},1"#,
    #""message",[{"_placeholder":true,"num":0}]"#, #""message","text""#,
  ])
  func otherEventsWithBytesAreTheirJSONAndTheBytes(elements: String) throws {
    #expect(try plain(elements, attachments: [[9]]) == text("[\(elements)]") + [0x82, 1, 9])
  }

  @Test func aTextComesBackFromItsEvent() throws {
    for original in ["", "\"", "\\", "\u{0}\u{1F}\u{7F}", "\u{2028}", "𝄞 ü", "[\"message\",\"x\"]", "\u{FFFD}"] {
      let event = try Message(content: .plain(ByteBuffer(string: original), .text)).event(
        namespace: "/a", parser: .default)
      #expect(Message(content: .event(event)).plainFrames.bytes == text(original))
    }
  }
}
