import BongsuSession
import BongsuSocketIO
import NIOCore
import Testing

/// The session of a client that speaks MessagePack.
@Suite struct PackedSessionTests {
  /// `{type, nsp}` with what else the packet has.
  private func packet(_ type: UInt8, _ namespace: String, _ members: [UInt8] = [], count: UInt8 = 0) -> [UInt8] {
    [0x82 + count, 0xA4] + Array("type".utf8) + [type, 0xA3] + Array("nsp".utf8)
      + [0xA0 | UInt8(namespace.utf8.count)] + Array(namespace.utf8) + members
  }

  private func data(_ bytes: [UInt8]) -> [UInt8] { [0xA4] + Array("data".utf8) + bytes }

  @Test func namespacesAreJoinedAndLeft() {
    let client = Understanding(notation: .messagePack)
    #expect(client.hear(packed: packet(0, "/")) == "connect /")
    _ = client.session.joined("/", 1)
    #expect(client.hear(packed: packet(0, "/chat")) == "connect /chat")
    _ = client.session.joined("/chat", 2)
    #expect(
      client.hear(packed: packet(2, "/chat", data([0x92, 0xA1, 0x65, 0xA1, 0x78]), count: 1)) == "event 2 e \u{FFFD}x")
    #expect(client.hear(packed: packet(1, "/chat")) == "disconnect 2")
    #expect(client.hear(packed: packet(2, "/chat", data([0x91, 0xA1, 0x65]), count: 1)) == "violation")
    #expect(client.hear(packed: packet(0, "/")) == "violation")
    #expect(client.hear(packed: packet(4, "/", data([0xA0]), count: 1)) == "violation")
  }

  @Test func acknowledgementsHaveAnID() {
    let client = Understanding(notation: .messagePack)
    _ = client.hear(packed: packet(0, "/"))
    _ = client.session.joined("/", 1)
    let id: [UInt8] = [0xA2] + Array("id".utf8) + [0x05]
    #expect(client.hear(packed: packet(3, "/", data([0x90]) + id, count: 2)) == "ack 1 id 5")
    #expect(client.hear(packed: packet(3, "/", data([0x90]), count: 1)) == "nothing")
    #expect(client.hear(packed: packet(2, "/", data([0x91, 0xA1, 0x65]) + id, count: 2)) == "event 1 e id 5")
  }

  @Test func eachNotationRefusesTheOthersMessages() {
    let packed = Understanding(notation: .messagePack)
    #expect(packed.hear("0") == "error: Could not parse")
    #expect(packed.hear([1]) == "error: got binary data when not reconstructing a packet")
    #expect(packed.hear(packed: [0xC1]) == "error: invalid payload")
    let json = Understanding()
    #expect(json.hear(packed: packet(0, "/")) == "error: got binary data when not reconstructing a packet")
  }

  @Test func whoeverWaitsForAttachmentsSaysSo() {
    let client = Understanding(joined: ["/"])
    #expect(!client.session.awaitsAttachment)
    _ = client.hear(#"52-["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
    #expect(client.session.awaitsAttachment)
    _ = client.hear([1])
    #expect(client.session.awaitsAttachment)
    _ = client.hear([2])
    #expect(!client.session.awaitsAttachment)
    _ = client.hear(#"51-["e",{"_placeholder":true,"num":0}]"#)
    _ = client.session.end()
    #expect(!client.session.awaitsAttachment)
  }
}
