import BongsuSocketIO
import NIOCore
import Testing

private func arguments(_ text: ByteBuffer, limits: JSONLimits = JSONLimits()) throws -> ArgumentList {
  let head = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 0)
  guard case .ack(let list) = try PacketBody(parsing: text.readableBytesSpan, head: head, limits: limits) else {
    return try #require(nil)
  }
  return list
}

@Suite struct ArgumentListTests {
  @Test func anyNumberOfArgumentsIsFoundInItsPlace() throws {
    for count in 0...20 {
      let elements = (0..<count).map { "\"argument \($0)\"" }
      let text = ByteBuffer(string: "31[" + elements.joined(separator: " , ") + "]")
      let list = try arguments(text)
      #expect(strings(list, in: text) == elements)
      #expect(list.argument(count) == nil)
      #expect(list.argument(-1) == nil)
      #expect(list.argument(.max) == nil)
    }
  }

  @Test func theTailIsOneText() throws {
    let text = ByteBuffer(string: "31[ \"relay\" , {\"to\":\"a\"} , \"e\", [1,2] ,3 ]")
    let list = try arguments(text)
    let tails = (0...6).map { list.text(from: $0).map { slice(text, $0) } }
    #expect(
      tails == [
        "\"relay\" , {\"to\":\"a\"} , \"e\", [1,2] ,3", "{\"to\":\"a\"} , \"e\", [1,2] ,3", "\"e\", [1,2] ,3",
        "[1,2] ,3", "3", nil, nil,
      ])
    #expect(try arguments(ByteBuffer(string: "31[]")).text(from: 0) == nil)
  }

  @Test func tooManyArgumentsAreRefused() throws {
    let limits = JSONLimits(arguments: 5)
    #expect(try arguments(ByteBuffer(string: "31[1,2,3,4,5]"), limits: limits).count == 5)
    #expect(throws: SocketIOParseError.invalidPayload) {
      try arguments(ByteBuffer(string: "31[1,2,3,4,5,6]"), limits: limits)
    }
    // Only arguments count, not what is in them.
    #expect(try arguments(ByteBuffer(string: "31[[1,2,3,4,5,6,7]]"), limits: limits).count == 1)
  }
}
