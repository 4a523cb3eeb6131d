import BongsuMessagePack
import Foundation
import NIOCore
import Testing

@Suite struct MessagePackCodableTests {
  private struct Beacon: Codable, Equatable {
    enum Kind: String, Codable { case fire, smoke }
    var name: String
    var height: Int?
    var kind = Kind.fire
    var bytes = ByteBuffer()
    var neighbours: [Beacon] = []
    var distances: [String: Double] = [:]
  }

  private class Animal: Codable {
    var legs = 4
  }

  private final class Horse: Animal {
    var name = ""
    private enum Keys: CodingKey { case name }

    override init() { super.init() }

    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      name = try container.decode(String.self, forKey: .name)
      try super.init(from: container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(name, forKey: .name)
      try super.encode(to: container.superEncoder())
    }
  }

  private func again<Value: Codable>(_ value: Value) throws -> Value {
    try MessagePackDecoder.decode(Value.self, from: MessagePackEncoder.encode(value))
  }

  @Test func valuesBecomeWhatTheySay() throws {
    #expect(try MessagePackEncoder.encode("한") == .string("한") && MessagePackEncoder.encode(true) == .bool(true))
    #expect(
      try MessagePackEncoder.encode(UInt64.max) == .unsigned(.max)
        && MessagePackEncoder.encode(Int8(-1)) == .integer(-1))
    #expect(try MessagePackEncoder.encode(0.5 as Float) == .number(0.5))
    #expect(try MessagePackEncoder.encode(Int?.none) == .null && MessagePackEncoder.encode(Int?(1)) == .integer(1))
    #expect(try MessagePackEncoder.encode([1, nil]) == .array([.integer(1), .null]))
    #expect(
      try MessagePackEncoder.encode([String]()) == .array([]) && MessagePackEncoder.encode([String: Int]()) == .map([]))
    #expect(try MessagePackEncoder.encode([7: "a"]) == .map([.init("7", .string("a"))]))
    let beacon = try MessagePackEncoder.encode(Beacon(name: "Namsan", bytes: hex("ff")))
    #expect(
      beacon
        == .map([
          .init("name", .string("Namsan")), .init("kind", .string("fire")), .init("bytes", .binary(hex("ff"))),
          .init("neighbours", .array([])), .init("distances", .map([])),
        ]))
  }

  @Test func valuesComeBack() throws {
    let beacon = Beacon(
      name: "Namsan", height: 270, kind: .smoke, bytes: hex("00 ff"),
      neighbours: [Beacon(name: "Acha", distances: ["Namsan": 10.5, "Gaehwa": 20])])
    #expect(try again(beacon) == beacon)
    #expect(try again([[1, 2], []]) == [[1, 2], []] && again([3: 0.5]) == [3: 0.5])
    let horse = Horse()
    horse.name = "Jukdori"
    horse.legs = 3
    let copy = try again(horse)
    #expect(copy.name == "Jukdori" && copy.legs == 3)
  }

  @Test func numbersFitOrFail() throws {
    #expect(try MessagePackDecoder.decode(Int.self, from: .number(3)) == 3)
    #expect(try MessagePackDecoder.decode(Double.self, from: .integer(3)) == 3)
    #expect(try MessagePackDecoder.decode(UInt64.self, from: .unsigned(.max)) == .max)
    for (type, value) in [
      (Int8.self as any Decodable.Type, MessagePackValue.integer(128)), (UInt.self, .integer(-1)),
      (Int.self, .number(0.5)), (Int.self, .number(.nan)), (Int.self, .unsigned(.max)), (Int.self, .string("1")),
      (Int.self, .null), (String.self, .integer(1)), (Bool.self, .integer(1)), ([Int].self, .map([])),
      ([String: Int].self, .array([])), (Beacon.self, .map([])), ([Int].self, .array([.null])),
    ] {
      #expect(throws: DecodingError.self) { try MessagePackDecoder.decode(type, from: value) }
    }
  }

  @Test func anElementBehindTheLastIsAnError() throws {
    struct Two: Decodable {
      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        _ = try container.decode(Int.self)
        #expect(container.isAtEnd && container.currentIndex == 1 && container.count == 1)
        _ = try container.decode(Int.self)
      }
    }
    #expect(throws: DecodingError.self) { try MessagePackDecoder.decode(Two.self, from: .array([.integer(1)])) }
  }

  @Test func aTreeIsReadFromJSONAndWrittenToIt() throws {
    let json = #"{"a":[1,2.5,"x",null,true,18446744073709551615]}"#
    let tree = try JSONDecoder().decode(MessagePackValue.self, from: Data(json.utf8))
    #expect(
      tree["a"] == .array([.integer(1), .number(2.5), .string("x"), .null, .bool(true), .unsigned(.max)]))
    #expect(String(decoding: try JSONEncoder().encode(tree), as: UTF8.self) == json)
  }
}
