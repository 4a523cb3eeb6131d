import BongsuMessagePack
import BongsuSession
import BongsuSocketIO
import BongsuWebSocket
import Foundation
import NIOCore
import Testing

@testable import Bongsu

/// Events on a server whose clients speak MessagePack.
@Suite struct PackedEventTests {
  private struct Photo: Codable, Equatable {
    var name: String
    var bytes: Data
    var taken: Date
    var place = URL(string: "https://example.com/a?b")!
    var price = Decimal(string: "1.25")!
  }

  private let hello: [UInt8] = [0xA2, 0x68, 0x69, 0xC4, 1, 7]
  private let packet: [UInt8] =
    [0x83, 0xA4] + Array("type".utf8) + [2, 0xA4] + Array("data".utf8) + [0x92, 0xA2, 0x68, 0x69, 0xC4, 1, 7, 0xA3]
    + Array("nsp".utf8) + [0xA1, 0x2F]

  /// What a handler with these parameters gets of what was sent.
  private func received<each Value: Decodable>(
    _ event: EncodedEvent, _ types: repeat (each Value).Type
  ) throws -> (repeat each Value) {
    guard case .binary(let bytes)? = event.packets.first, event.packets.count == 1,
      case .event(let payload) = try PackedPacket(parsing: bytes.readableBytesSpan).body
    else { throw SocketIOParseError.invalidPayload }
    var decoder = ArgumentDecoder(payload.arguments, attachments: [], ack: Ack())
    return (repeat try decoder.next(each types, in: bytes.readableBytesSpan))
  }

  @Test func aPacketIsOneBinaryMessage() throws {
    let event = try EncodedEvent(packed: hello, count: 2)
    #expect(event.packets == [.binary(ByteBuffer(bytes: packet))])
    #expect(event.frames.bytes == [0x82, UInt8(packet.count)] + packet)
  }

  @Test(arguments: [97, 98, 99, 65_506, 65_507, 65_508, 65_509, 65_510, 70_000]) func theFrameFits(size: Int) throws {
    let event = try encode(String(repeating: "x", count: size), parser: .msgpack)
    guard case .binary(let bytes)? = event.packets.first else {
      Issue.record("another form")
      return
    }
    let count = bytes.readableBytes
    let header: [UInt8] =
      switch count {
      case ...125: [0x82, UInt8(count)]
      case ...65_535: [0x82, 126, UInt8(count >> 8), UInt8(count & 0xFF)]
      default: [0x82, 127, 0, 0, 0, 0, 0, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
      }
    let isExact = event.frames.bytes == header + bytes.bytes
    #expect(isExact)
  }

  @Test func everyKindOfValueTravels() throws {
    let photo = Photo(name: "바다", bytes: Data([0, 0xFF]), taken: Date(timeIntervalSince1970: 1.5))
    let event = try encode(
      "a", 1, -1.5, true, Data([1]), ByteBuffer(bytes: [2]), photo, String?.none, [photo], parser: .msgpack)
    let all = try received(
      event, String.self, Int.self, Double.self, Bool.self, Data.self, ByteBuffer.self, Photo.self, String?.self,
      [Photo].self, Int?.self)
    #expect(all.0 == "a" && all.1 == 1 && all.2 == -1.5 && all.3 && all.4 == Data([1]) && all.5.bytes == [2])
    #expect(all.6 == photo && all.7 == nil && all.8 == [photo] && all.9 == nil)
    #expect(throws: DecodingError.self) { try received(event, Int.self) }
  }

  @Test func bytesAreBytesInBothNotations() throws {
    let bytes = ByteBuffer(bytes: [7])
    #expect(try encode(bytes).string == #"451-["e",{"_placeholder":true,"num":0}]"# && encode(bytes).attached == [[7]])
    let event = try Received(#"["e",{"_placeholder":true,"num":0}]"#, attachments: [bytes])
    #expect(try event.decode(ByteBuffer.self) == bytes)
  }

  @Test func datesAreTimestampsOrNumbers() throws {
    for seconds in [0, 1.25, -0.5, 4e9, 2e10, -3e10] {
      let date = Date(timeIntervalSince1970: seconds)
      guard case .date = date.messagePack else {
        Issue.record("another form")
        return
      }
      let again = try #require(Date(messagePack: date.messagePack))
      #expect(abs(again.timeIntervalSince(date)) < 1e-5)
    }
    #expect(Date(timeIntervalSinceReferenceDate: .nan).messagePack != .null)
    #expect(Date(timeIntervalSinceReferenceDate: .infinity).messagePack == .number(.infinity))
    #expect(Date(messagePack: .integer(5)) == Date(timeIntervalSinceReferenceDate: 5))
    #expect(Date(messagePack: .string("x")) == nil)
  }

  @Test func argumentsPassThroughAsTheyAre() throws {
    // 1 as a 64-bit integer stays one.
    let long: [UInt8] = [0xA1, 0x65, 0xCF, 0, 0, 0, 0, 0, 0, 0, 1, 0xC4, 1, 7]
    let all = try received(EncodedEvent(packed: long, count: 3), Arguments.self)
    #expect(all.count == 2)
    #expect(
      String(buffer: all.elements) == #"1,{"_placeholder":true,"num":0}"# && all.attachments.map(\.bytes) == [[7]])
    #expect(try all.first(Int.self) == 1)
    let event = try encode(all, parser: .msgpack)
    guard case .binary(let bytes)? = event.packets.first else {
      Issue.record("another form")
      return
    }
    #expect(bytes.bytes.suffix(18).prefix(12) == long.dropFirst(2))
  }

  @Test func argumentsCrossFromOneNotationToTheOther() throws {
    let json = try Received(
      #"["e","x",{"a":{"_placeholder":true,"num":0}}]"#, attachments: [ByteBuffer(bytes: [7])]
    ).decode(Arguments.self)
    let (text, map) = try received(encode(json, parser: .msgpack), String.self, [String: Data].self)
    #expect(text == "x" && map == ["a": Data([7])])
    let packed = try received(encode("x", ["a": Data([7])], parser: .msgpack), Arguments.self)
    let back = try encode(1, packed)
    #expect(back.string == #"451-["e",1,"x",{"a":{"_placeholder":true,"num":0}}]"# && back.attached == [[7]])
  }

  @Test func jsonBecomesMessagePackAndBack() throws {
    let json = JSONBytes(ByteBuffer(string: #"{ "b":1e2,"a":"\u00fc" }"#))
    let event = try encode(json, Data([0xFF]), parser: .msgpack)
    let (map, bytes) = try received(event, JSONBytes.self, JSONBytes.self)
    #expect(String(buffer: map.bytes) == #"{"b":100,"a":"ü"}"# && String(buffer: bytes.bytes) == #""/w==""#)
    #expect(throws: EncodingError.self) { try encode(JSONBytes(ByteBuffer(string: "[1")), parser: .msgpack) }
  }

  @Test func whatIsTooDeepIsAnError() {
    var deep = PacketValue.integer(1)
    for _ in 0..<127 { deep = .array([deep]) }
    #expect(throws: Never.self) { try encode(deep, parser: .msgpack) }
    #expect(throws: EncodingError.self) { try encode([deep], parser: .msgpack) }
  }

  @Test func listenersToAnyEventSeeItAsJSON() throws {
    let event = try encode("a", ["b": Data([7])], parser: .msgpack)
    let seen = try #require(SocketEvent(event))
    #expect(seen.name == "e" && seen.arguments.count == 2)
    #expect(String(buffer: seen.arguments.elements) == #""a",{"b":{"_placeholder":true,"num":0}}"#)
    #expect(seen.arguments.attachments.map(\.bytes) == [[7]])
    #expect(
      try seen.arguments.decode { try ($0.next(String.self, in: $1), $0.next([String: Data].self, in: $1)).1 }
        == ["b": Data([7])])
  }

  @Test func refusalsCarryTheirData() throws {
    let data = ByteBuffer(string: #"{"wants":["token",1]}"#)
    let packets = try ControlPacket.connectError(message: "no", data: data).encoded(namespace: "/a", parser: .msgpack)
    let all: PacketValue = .map([
      .init("message", .string("no")),
      .init("data", .map([.init("wants", .array([.string("token"), .integer(1)]))])),
    ])
    guard case .binary(let bytes)? = packets.first, packets.count == 1 else {
      Issue.record("another form")
      return
    }
    #expect(
      try ParserPacket(packed: bytes.readableBytesSpan) == ParserPacket(.connectError, namespace: "/a", data: all))
    // One array more than MessagePack has room for.
    let deep = ByteBuffer(string: String(repeating: "[", count: 128) + String(repeating: "]", count: 128))
    let short = try ControlPacket.connectError(message: "no", data: deep).encoded(namespace: "/", parser: .msgpack)
    let without = try ControlPacket.connectError(message: "no").encoded(namespace: "/", parser: .msgpack)
    #expect(short == without)
  }

  // MARK: Plain WebSockets in the same room

  private func plain(_ elements: String, _ bytes: [UInt8] = [], count: Int = 2) throws -> [UInt8] {
    var packed = Array<UInt8>()
    for word in elements.split(separator: " ") { packed += [0xA0 | UInt8(word.utf8.count)] + Array(word.utf8) }
    return try Message(content: .event(EncodedEvent(packed: packed + bytes, count: count))).plainFrames.bytes
  }

  private func text(_ text: String) -> [UInt8] { [0x81, UInt8(text.utf8.count)] + Array(text.utf8) }

  @Test func theEventMessageIsThePlainMessage() throws {
    #expect(try plain("message hello") == text("hello") && plain("message", [0xA0]) == [0x81, 0])
    #expect(try plain("message", [0xC4, 2, 0, 0xFF]) == [0x82, 2, 0, 0xFF])
  }

  @Test func anyOtherEventIsItsJSONAndItsBytes() throws {
    #expect(
      try plain("news hello") == text(#"["news","hello"]"#)
        && plain("message a b", count: 3) == text(#"["message","a","b"]"#))
    #expect(try plain("message", [7]) == text(#"["message",7]"#) && plain("message", count: 1) == text(#"["message"]"#))
    #expect(
      try plain("news", [0xC4, 1, 9]) == text(#"["news",{"_placeholder":true,"num":0}]"#) + [0x82, 1, 9])
  }

  @Test func plainMessagesAreTheEventMessage() throws {
    let said = try Message(content: .plain(ByteBuffer(string: "ü"), .text)).event(namespace: "/", parser: .msgpack)
    #expect(try received(said, String.self) == "ü")
    let bytes = try Message(content: .plain(ByteBuffer(bytes: [0, 0xFF]), .binary)).event(
      namespace: "/a", parser: .msgpack)
    #expect(try received(bytes, Data.self) == Data([0, 0xFF]))
    #expect(Message(content: .event(said)).plainFrames.bytes == text("ü"))
  }
}
