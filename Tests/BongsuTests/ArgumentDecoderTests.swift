import Foundation
import NIOCore
import Testing

@testable import Bongsu

@Suite struct ArgumentDecoderTests {
  private struct Line: Decodable, Equatable {
    var name: String
    var size: Int?
  }

  @Test func everyKindOfJSONBecomesAValue() throws {
    let event = try Received(#"["e","a\"\u00fc",true,-1,2.5,[1,2],{"name":"x"},null]"#)
    let (text, flag, number, fraction) = try event.decode(String.self, Bool.self, Int.self, Double.self)
    #expect(text == "a\"ü" && flag && number == -1 && fraction == 2.5)
    let all = try event.decode(
      String.self, Bool.self, Int8.self, Double.self, [Int].self, Line.self, String?.self)
    #expect(all.4 == [1, 2] && all.5 == Line(name: "x") && all.6 == nil)
  }

  @Test func missingArgumentsAreNull() throws {
    let event = try Received(#"["e",1]"#)
    let (number, text, line) = try event.decode(Int.self, String?.self, Line?.self)
    #expect(number == 1 && text == nil && line == nil)
    #expect(throws: DecodingError.self) { try event.decode(Int.self, String.self) }
    #expect(throws: DecodingError.self) { try Received(#"["e"]"#).decode(Line.self) }
  }

  @Test func furtherArgumentsAreIgnored() throws {
    #expect(try Received(#"["e",1,2,3]"#).decode(Int.self) == 1)
    try Received(#"["e",1,2,3]"#).decode()
  }

  @Test func whatIsNotDeclaredIsAnError() throws {
    #expect(throws: DecodingError.self) { try Received(#"["e",1]"#).decode(String.self) }
    #expect(throws: DecodingError.self) { try Received(#"["e","1"]"#).decode(Int.self) }
    #expect(throws: DecodingError.self) { try Received(#"["e",300]"#).decode(UInt8.self) }
    #expect(throws: DecodingError.self) { try Received(#"["e",null]"#).decode(String.self) }
    #expect(throws: DecodingError.self) { try Received(#"["e",{}]"#).decode(Line.self) }
    #expect(throws: DecodingError.self) { try Received(#"["e","AQID"]"#).decode(Data.self) }
  }

  /// What is read at a glance is what `JSONDecoder` reads, and what does not fit is its error.
  @Test func numbersAreThoseOfTheDecoder() throws {
    let integers = [
      "0", "-0", "7", "-7", "999999999999999999", "-999999999999999999", "9223372036854775807", "1e2", "1.0",
    ]
    let refused = ["9223372036854775808", "1.5", "1e400", "true", "null", #""1""#]
    let fractions = ["0", "-0", "0.1", "-2.5e-3", "1E5", "123456789012345678901234567890"]
    for text in integers + refused + fractions {
      let event = try Received("[\"e\",\(text)]")
      let json = Data(text.utf8)
      #expect((try? event.decode(Int.self)) == (try? JSONDecoder().decode(Int.self, from: json)), "\(text)")
      #expect((try? event.decode(Double.self)) == (try? JSONDecoder().decode(Double.self, from: json)), "\(text)")
      #expect((try? event.decode(Bool.self)) == (try? JSONDecoder().decode(Bool.self, from: json)), "\(text)")
    }
    for text in refused { #expect(throws: DecodingError.self) { try Received("[\"e\",\(text)]").decode(Int.self) } }
  }

  @Test func attachmentsBecomeBytes() throws {
    let attachments = [ByteBuffer(bytes: [1]), ByteBuffer(bytes: [2, 3])]
    let event = try Received(
      #"["e",{"_placeholder":true,"num":1},{"a":[{"num":0,"_placeholder":true}]}]"#, attachments: attachments)
    let (bytes, nested) = try event.decode(Data.self, [String: [Data]].self)
    #expect(bytes == Data([2, 3]) && nested == ["a": [Data([1])]])
  }

  @Test func anAckTakesNoArgument() throws {
    let event = try Received(#"["e",1,"x"]"#)
    let (number, ack, text) = try event.decode(Int.self, Ack.self, String.self)
    #expect(number == 1 && !ack.isExpected && text == "x")
    #expect(throws: DecodingError.self) { try event.decode([Ack].self) }
  }

  @Test func argumentsTakeTheRest() throws {
    let event = try Received(#"["e",1,"x", {"a":2}]"#)
    let (number, rest, nothing) = try event.decode(Int.self, Arguments.self, Arguments.self)
    #expect(number == 1 && rest.count == 2 && String(buffer: rest.elements) == #""x", {"a":2}"#)
    #expect(nothing.count == 0 && nothing.elements.readableBytes == 0)
    #expect(try rest.first(String.self) == "x")
    #expect(throws: DecodingError.self) { try nothing.first(String.self) }
    #expect(throws: DecodingError.self) { try rest.first(Int.self) }
  }

  @Test func jsonIsHandedOnAsItIs() throws {
    let json = try Received(#"["e",{ "b":1e2 }]"#).decode(JSONBytes.self)
    #expect(String(buffer: json.bytes) == #"{ "b":1e2 }"#)
    #expect(throws: DecodingError.self) { try Received(#"["e",[1]]"#).decode([JSONBytes].self) }
  }
}
