import BongsuSession
import BongsuSocketIO
import FoundationEssentials
import NIOCore
import Testing

@testable import Bongsu

/// What is written into a draft and leaves from there is what an encoded event would have been.
@Suite struct PacketDraftTests {
  private func frame(_ encoder: ArgumentEncoder, _ type: PacketType, _ namespace: String, _ id: UInt64?) -> [UInt8]? {
    var frame: [UInt8]?
    let isWhole = encoder.withFrame(type, namespace: namespace, ackID: id.map { AckID($0) }) {
      frame = ByteBuffer($0).bytes
      return true
    }
    return isWhole ? frame : nil
  }

  @Test(arguments: Array(0...130) + [500, 65_525, 65_526, 65_527, 65_528, 65_529, 65_530, 65_531, 70_000, 200_000])
  func aFrameIsThatOfTheEncodedEvent(size: Int) throws {
    let encoder = ArgumentEncoder(parser: .default)
    for (namespace, id) in [("/", nil), ("/admin", 7), ("/", 4_294_967_296)] as [(String, UInt64?)] {
      encoder.clear()
      encoder.append(name: "e")
      try encoder.append(String(repeating: "x", count: size))
      let expected = try encoder.event(namespace: namespace, ackID: id).frames.bytes
      // Twice, for what stands in front is written anew.
      let isSame =
        frame(encoder, .event, namespace, id) == expected && frame(encoder, .event, namespace, id) == expected
      #expect(isSame)
    }
  }

  @Test func anAnswerIsOne() throws {
    let encoder = ArgumentEncoder(parser: .default)
    #expect(frame(encoder, .ack, "/", 12) == Array("\u{81}\u{6}4312[]".unicodeScalars.map { UInt8($0.value) }))
    try encoder.append(true)
    #expect(try frame(encoder, .ack, "/a", 12) == encoder.ack(AckID(12), namespace: "/a").frames.bytes)
  }

  @Test func whatIsMoreThanAFrameOfTextIsNone() throws {
    let encoder = ArgumentEncoder(event: "e", parser: .default)
    for length in [100, 113, 119, 120, 121, 130, 300] {
      let name = "/" + String(repeating: "n", count: length - 1)
      let written = frame(encoder, .event, name, nil)
      let expected = try encoder.event(namespace: name, ackID: nil)
      #expect(written == nil || written == expected.frames.bytes)
      #expect((written != nil) == (length <= 120), "there is room for names of the usual length: \(length)")
    }
    try encoder.append(ByteBuffer(bytes: [1]))
    #expect(frame(encoder, .event, "/", nil) == nil)
    #expect(frame(ArgumentEncoder(event: "e", parser: .msgpack), .event, "/", nil) == nil)
  }

  @Test func whatWasWrittenIsForgottenBeforeTheNext() throws {
    for parser in [Parser.default, .msgpack] {
      let encoder = ArgumentEncoder(parser: parser)
      for size in [10, 100_000, 1] {
        let text = String(repeating: "y", count: size)
        encoder.append(name: "e")
        try encoder.append(text)
        try encoder.append(Data([1]))
        let expected = try encode(text, Data([1]), parser: parser)
        #expect(try encoder.event(namespace: "/", ackID: nil).packets == expected.packets)
        encoder.clear()
      }
      let empty = try ArgumentEncoder(parser: parser).ack(.init(0), namespace: "/")
      #expect(try encoder.ack(.init(0), namespace: "/").packets == empty.packets)
    }
  }

  /// Memory that is not kept is none, and what is kept is written over.
  @Test func aDraftKeepsNoMoreThanItMay() {
    var draft = PacketDraft()
    for size in [10, 100_000, 1] {
      draft.append(limit: size) { for _ in 0..<size { $0.append(UInt8(ascii: "y")) } }
      #expect(draft.count == size)
      draft.clear()
      #expect(draft.count == 0 && draft.elements.readableBytes == 0)
    }
  }

  /// Encodes as a string, and says something itself meanwhile.
  private struct Talkative: Encodable {
    let socket: Socket

    func encode(to encoder: any Encoder) throws {
      socket.emit("inner", "said first")
      var container = encoder.singleValueContainer()
      try container.encode("said last")
    }
  }

  @Test func whoeverIsWrittenMayEmit() async throws {
    try await serving { io in
      io.on("connection") { socket in
        socket.on("talk") { (ack: Ack) in
          socket.emit("outer", "before", Talkative(socket: socket))
          ack(Talkative(socket: socket))
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      for _ in 0..<2 {
        visitor.send(#"425["talk"]"#)
        #expect(visitor.text == #"42["inner","said first"]"#)
        #expect(visitor.text == #"42["outer","before","said last"]"#)
        #expect(visitor.text == #"42["inner","said first"]"#)
        #expect(visitor.text == #"435["said last"]"#)
      }
    }
  }
}
