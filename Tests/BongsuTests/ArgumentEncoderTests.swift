import BongsuSocketIO
import Foundation
import NIOCore
import Testing

@testable import Bongsu

@Suite struct ArgumentEncoderTests {
  private struct Photo: Codable, Equatable {
    var name: String
    var bytes: Data
    var more: [Data] = []
  }

  @Test func everyKindOfValueBecomesJSON() throws {
    #expect(try encode().string == #"42["e"]"#)
    #expect(try encode("a\"\u{0}ü", true, false).string == #"42["e","a\"\u0000ü",true,false]"#)
    #expect(try encode(0, -1, Int.max).string == #"42["e",0,-1,9223372036854775807]"#)
    #expect(try encode(UInt8(255), 1.5, Float(0.25), -0.0).string == #"42["e",255,1.5,0.25,-0]"#)
    #expect(try encode([1, 2], ["a": 1], [[String]]()).string == #"42["e",[1,2],{"a":1},[]]"#)
    #expect(try encode("a/b", ["a/b"]).string == #"42["e","a/b",["a/b"]]"#)
  }

  @Test(arguments: [
    0, -0.0, 1, 1.5, -1e-7, 1e16, 1e21, 123456.75, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1 + 0.2,
  ])
  func aNumberIsWrittenAsTheEncoderHasIt(number: Double) throws {
    let expected = String(decoding: try JSONEncoder().encode(number), as: UTF8.self)
    #expect(try encode(number).string == "42[\"e\",\(expected)]")
  }

  @Test func aTextOfAnyLengthIsEscaped() throws {
    for count in 0...200 {
      let text = String(repeating: "\u{1}", count: count)
      let expected = String(repeating: #"\u0001"#, count: count)
      #expect(try encode(text).string == "42[\"e\",\"\(expected)\"]")
    }
  }

  @Test func whatIsMissingBecomesNull() throws {
    #expect(try encode(String?.none, Int?.none, Data?.none).string == #"42["e",null,null,null]"#)
    #expect(try encode(String?.some("a"), Int?.some(1), [1, nil]).string == #"42["e","a",1,[1,null]]"#)
  }

  @Test func bytesBecomeAttachments() throws {
    let event = try encode(Data([1]), "x", Data(), Data?.some(Data([2])))
    #expect(
      event.string
        == #"453-["e",{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1},{"_placeholder":true,"num":2}]"#)
    #expect(event.attached == [[1], [], [2]])
  }

  @Test func bytesInsideValuesBecomeAttachmentsToo() throws {
    let event = try encode(Data([1]), Photo(name: "sea", bytes: Data([2]), more: [Data([3]), Data([4])]), [Data([5])])
    #expect(event.attached.count == 5 && event.string.hasPrefix(#"455-["e",{"_placeholder":true,"num":0},{"#))
    // Whatever the order of the members is, each placeholder names its own bytes.
    let arguments = try Received(event.string.dropFirst(4), attachments: event.attachments)
    let decoded = try arguments.decode(Data.self, Photo.self, [Data].self)
    #expect(decoded.0 == Data([1]) && decoded.2 == [Data([5])])
    #expect(decoded.1 == Photo(name: "sea", bytes: Data([2]), more: [Data([3]), Data([4])]))
  }

  @Test func jsonPassesThroughAsItIs() throws {
    let json = JSONBytes(ByteBuffer(string: #"{ "b":1e2,"a":"\u00fc" }"#))
    #expect(try encode(1, json, "x").string == #"42["e",1,{ "b":1e2,"a":"\u00fc" },"x"]"#)
  }

  @Test func argumentsPassThroughAsTheyAre() throws {
    let elements = ByteBuffer(string: #"1,{"_placeholder":true,"num":0}"#)
    let all = Arguments(elements, .json, attachments: [ByteBuffer(bytes: [7])], count: 2)
    let event = try encode("first", all)
    #expect(event.string == #"451-["e","first",1,{"_placeholder":true,"num":0}]"# && event.attached == [[7]])
    let none = Arguments(ByteBuffer(), .json, attachments: [], count: 0)
    #expect(try encode(none).string == #"42["e"]"# && encode("a", none, "b").string == #"42["e","a","b"]"#)
    #expect(throws: EncodingError.self) { try encode(Data([1]), all) }
    #expect(throws: EncodingError.self) { try encode([all]) }
    #expect(throws: EncodingError.self) { try encode([JSONBytes(ByteBuffer())]) }
  }

  @Test func whatHasNoJSONIsAnError() {
    #expect(throws: EncodingError.self) { try encode(Double.nan) }
    #expect(throws: EncodingError.self) { try encode([Double.infinity]) }
  }

  @Test func anAcknowledgementHasNoName() throws {
    let encoder = ArgumentEncoder(parser: .default)
    try encoder.append("done")
    try encoder.append(Data([1]))
    let ack = try encoder.ack(.init(12), namespace: "/a")
    #expect(ack.string == #"461-/a,12["done",{"_placeholder":true,"num":0}]"# && ack.attached == [[1]])
    #expect(ack.frames.bytes.count == 2 + ack.text.readableBytes + 3)
    #expect(try ArgumentEncoder(parser: .default).ack(.init(0), namespace: "/").string == "430[]")
  }
}
