import BongsuSocketIO
import NIOCore
import Testing

@Suite struct PacketHeadTests {
  @Test(arguments: [
    ("0", Head(type: .connect)),
    ("0/admin", Head(type: .connect, namespace: "/admin")),
    ("0/admin,", Head(type: .connect, namespace: "/admin")),
    ("0/admin,{\"a\":1}", Head(type: .connect, namespace: "/admin", payload: "{\"a\":1}")),
    ("0/admin?token=1&x=/,{}", Head(type: .connect, namespace: "/admin?token=1&x=/", payload: "{}")),
    ("0/,{}", Head(type: .connect, payload: "{}")),
    ("0/", Head(type: .connect)),
    ("0{}", Head(type: .connect, payload: "{}")),
    ("1", Head(type: .disconnect)),
    ("1/admin,", Head(type: .disconnect, namespace: "/admin")),
    ("2[\"a\"]", Head(type: .event, payload: "[\"a\"]")),
    ("212[\"a\"]", Head(type: .event, id: "12", payload: "[\"a\"]")),
    ("2/a,12[\"b\",1]", Head(type: .event, namespace: "/a", id: "12", payload: "[\"b\",1]")),
    ("2/봉수,0[\"b\"]", Head(type: .event, namespace: "/봉수", id: "0", payload: "[\"b\"]")),
    ("2", Head(type: .event)),
    ("27", Head(type: .event, id: "7")),
    ("313[]", Head(type: .ack, id: "13", payload: "[]")),
    ("4{\"message\":\"x\"}", Head(type: .connectError, payload: "{\"message\":\"x\"}")),
    ("51-[\"a\"]", Head(type: .binaryEvent, attachments: 1, payload: "[\"a\"]")),
    ("510-/a,7[\"a\"]", Head(type: .binaryEvent, attachments: 10, namespace: "/a", id: "7", payload: "[\"a\"]")),
    ("50-[\"a\"]", Head(type: .binaryEvent, payload: "[\"a\"]")),
    ("52-", Head(type: .binaryEvent, attachments: 2)),
    ("62-3[]", Head(type: .binaryAck, attachments: 2, id: "3", payload: "[]")),
  ])
  func readsEveryPart(text: String, expected: Head) throws {
    #expect(try head(text) == expected)
  }

  @Test(arguments: [
    ("2007[\"a\"]", "7", "[\"a\"]"),
    ("2100000000000000000000[\"a\"]", "100000000000000000000", "[\"a\"]"),
    ("2 5[\"a\"]", "5", "[\"a\"]"),
    ("25 [\"a\"]", "5", "[\"a\"]"),
    ("2\t5\n[\"a\"]", "5", "[\"a\"]"),
  ])
  func readsIDsAsJavaScriptNumbers(text: String, id: String, payload: String) throws {
    #expect(try head(text) == Head(type: .event, id: id, payload: payload))
  }

  @Test(arguments: ["0", "0{}", "0/", "0/,", "0/,{}"])
  func theMainNamespaceHasNoRangeHoweverItIsSpelled(text: String) throws {
    let text = ByteBuffer(string: text)
    #expect(try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 0).namespace == nil)
  }

  @Test func blanksAloneAreNoID() throws {
    #expect(try head("2 [\"a\"]") == Head(type: .event, payload: " [\"a\"]"))
  }

  @Test func anIDEndsAtTheFirstOtherByte() throws {
    #expect(try head("2-5[\"a\"]") == Head(type: .event, payload: "-5[\"a\"]"))
    #expect(try head("25.5[\"a\"]") == Head(type: .event, id: "5", payload: ".5[\"a\"]"))
    #expect(try head("2abc[\"a\"]") == Head(type: .event, payload: "abc[\"a\"]"))
  }

  @Test func refusesAnIDThatJavaScriptTakesForInfinity() throws {
    let digits = String(repeating: "9", count: 309)
    #expect(throws: SocketIOParseError.invalidPayload) { try head("2\(digits)[\"a\"]") }
    #expect(throws: SocketIOParseError.invalidPayload) { try head("2\(String(repeating: "1", count: 100_000))[]") }
    let zeros = String(repeating: "0", count: 100_000)
    #expect(try head("2\(zeros)8[\"a\"]").id == "8")
  }

  @Test func refusesAnEmptyPacket() {
    #expect(throws: SocketIOParseError.emptyPacket) { try head("") }
  }

  @Test func refusesEveryUnknownType() {
    for byte in UInt8.min...UInt8.max where !(0x30...0x36).contains(byte) {
      let text = ByteBuffer(bytes: [byte, 0x5B, 0x5D])
      #expect(throws: SocketIOParseError.unknownPacketType(byte)) {
        _ = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 10)
      }
    }
  }

  @Test(arguments: [
    "5", "5-", "5-[\"a\"]", "51", "51[\"a\"]", "5[\"a\"]", "5a-[]", "5-1-[]", "51e0-[\"a\"]", "50x1-[\"a\"]",
    "5 1-[\"a\"]", "51 -[\"a\"]", "51.0-[]", "5+1-[]", "6-[]", "6/a,1-[]",
    "599999999999999999999999999999",
  ])
  func refusesAttachmentCountsThatAreNotDigitsAndAHyphen(text: String) {
    #expect(throws: SocketIOParseError.illegalAttachmentCount) { try head(text) }
  }

  @Test(arguments: ["511-[]", "51000000-[]", "599999999999999999999999999999-[]", "6011-[]"])
  func refusesTooManyAttachments(text: String) {
    #expect(throws: SocketIOParseError.tooManyAttachments) { try head(text) }
  }

  @Test func theMaximumIsTheCallersAndMayBeAnything() throws {
    #expect(try head("511-[]", maximumAttachments: 11).attachments == 11)
    #expect(throws: SocketIOParseError.tooManyAttachments) { try head("51-[]", maximumAttachments: 0) }
    #expect(throws: SocketIOParseError.tooManyAttachments) { try head("50-[]", maximumAttachments: -1) }
    #expect(throws: SocketIOParseError.tooManyAttachments) {
      try head("599999999999999999999-[]", maximumAttachments: .max)
    }
  }

  @Test func errorsSpeakTheReferencesWords() {
    let texts: [(SocketIOParseError, String)] = [
      (.emptyPacket, "Unknown type: undefined"),
      (.unknownPacketType(0x39), "unknown packet type 9"),
      (.unknownPacketType(0xFF), "unknown packet type 0xff"),
      (.illegalAttachmentCount, "Illegal attachments"),
      (.tooManyAttachments, "too many attachments"),
      (.invalidPayload, "invalid payload"),
      (.illegalPlaceholder, "illegal attachments"),
      (.textWhileReconstructing, "got plaintext data when reconstructing a packet"),
      (.binaryWithoutPacket, "got binary data when not reconstructing a packet"),
    ]
    for (error, text) in texts { #expect(error.text == text) }
  }

  @Test func noShortTextTraps() {
    let alphabet = Array("0256/,-1 [\"}".utf8)
    for count in 0...4 {
      var indices = [Int](repeating: 0, count: count)
      repeat {
        let text = ByteBuffer(bytes: indices.map { alphabet[$0] })
        _ = try? body(text)
      } while advance(&indices, below: alphabet.count)
    }
  }
}

/// Counts `digits` up by one in the given base; false after the last number.
func advance(_ digits: inout [Int], below base: Int) -> Bool {
  for index in digits.indices {
    digits[index] += 1
    if digits[index] < base { return true }
    digits[index] = 0
  }
  return false
}
