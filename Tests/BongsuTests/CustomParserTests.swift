import BongsuMessagePack
import BongsuSession
import BongsuSocketIO
import Foundation
import NIOCore
import Testing

@testable import Bongsu

/// Each packet is a JSON object in a text message, as in the Socket.IO documentation's example of a custom parser.
struct JSONParser: PacketParser {
  private struct Wire: Codable {
    var type: ParserPacket.Kind
    var nsp: String
    var data: PacketValue?
    var id: UInt64?
  }

  private struct Decoder: PacketDecoder {
    mutating func received(_ message: PacketMessage) throws -> [ParserPacket] {
      guard case .text(let text) = message else { throw CocoaError(.coderReadCorrupt) }
      let wire = try JSONDecoder().decode(Wire.self, from: Data(text.readableBytesView))
      return [ParserPacket(wire.type, namespace: wire.nsp, data: wire.data, id: wire.id)]
    }
  }

  func makeDecoder() -> any PacketDecoder { Decoder() }

  func encode(_ packet: ParserPacket) throws -> [PacketMessage] {
    if packet.data == .array([.string("broken")]) { throw CocoaError(.coderInvalidValue) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let wire = Wire(type: packet.kind, nsp: packet.namespace, data: packet.data, id: packet.id)
    return [.text(ByteBuffer(bytes: try encoder.encode(wire)))]
  }
}

@Suite struct CustomParserTests {
  private let parser = Parser.custom(JSONParser())

  @Test func eventsGoOutInTheOwnersFormat() throws {
    let event = try encode("a", 1, parser: parser)
    let text = #"4{"data":["e","a",1],"nsp":"\/","type":2}"#
    #expect(event.packets == [.text(ByteBuffer(string: text))])
    #expect(event.frames.bytes == [0x81, UInt8(text.utf8.count)] + Array(text.utf8))
    #expect(event.plainFrames.bytes == [0x81, 11] + Array(#"["e","a",1]"#.utf8))
    let ack = ArgumentEncoder(parser: parser)
    try ack.append(true)
    #expect(
      try ack.ack(.init(7), namespace: "/a").packets
        == [.text(ByteBuffer(string: #"4{"data":[true],"id":7,"nsp":"\/a","type":3}"#))])
  }

  @Test func controlPacketsGoOutInTheOwnersFormat() throws {
    func text(_ packet: ControlPacket) throws -> [OutgoingPacket] {
      try packet.encoded(namespace: "/a", parser: parser)
    }
    #expect(
      try text(.connect(sid: "x")) == [.text(ByteBuffer(string: #"4{"data":{"sid":"x"},"nsp":"\/a","type":0}"#))])
    #expect(try text(.disconnect) == [.text(ByteBuffer(string: #"4{"nsp":"\/a","type":1}"#))])
    #expect(
      try text(.connectError(message: "no"))
        == [.text(ByteBuffer(string: #"4{"data":{"message":"no"},"nsp":"\/a","type":4}"#))])
  }

  @Test func packetsComeInAsMessagePack() throws {
    let decoder = try #require(CustomDecoder(parser))
    let packet = #"{"type":2,"nsp":"/","data":["e",[1.5,null]],"id":3}"#
    let packets = try decoder.packets(in: .text(ByteBuffer(string: packet)))
    #expect(
      try packets.map { try ParserPacket(packed: $0.readableBytesSpan) }
        == [ParserPacket(.event, data: .array([.string("e"), .array([.number(1.5), .null])]), id: 3)])
    #expect(throws: (any Error).self) { try decoder.packets(in: .text(ByteBuffer(string: "{}"))) }
    #expect(throws: (any Error).self) { try decoder.packets(in: .binary(ByteBuffer())) }
    #expect(CustomDecoder(.default) == nil && CustomDecoder(.msgpack) == nil)
  }

  @Test func aParserMayRefuseAnEvent() {
    let encoder = ArgumentEncoder(event: "broken", parser: parser)
    _ = try? encoder.append(Arguments(ByteBuffer(), .messagePack, attachments: [], count: 0))
    #expect(throws: CocoaError.self) { try encoder.event(namespace: "/", ackID: nil) }
    #expect(EncodedEvent.nothing.packets.isEmpty && EncodedEvent.nothing.plainFrames.readableBytes == 4)
  }
}
