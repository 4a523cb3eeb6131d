import BongsuSession
import NIOCore
import Testing

@Suite struct NamespaceTests {
  @Test func afterDisconnectTheNamespaceIsGoneAndMayBeJoinedAgain() {
    let client = Understanding(joined: ["/", "/a"])
    #expect(client.hear("1/a,") == "disconnect 2")
    #expect(client.session.sockets == [1])
    #expect(client.hear(#"2["e"]"#) == "event 1 e")
    #expect(client.hear("0/a,") == "connect /a")
    #expect(client.session.joined("/a", 9) && client.session.sockets == [1, 9])
  }

  @Test func afterDisconnectTheNamespaceTakesNoEvents() {
    let client = Understanding(joined: ["/"])
    #expect(client.hear("1") == "disconnect 1")
    #expect(client.hear(#"2["e"]"#) == "violation")
  }

  @Test func theServerTakesAClientOut() {
    let client = Understanding(joined: ["/", "/a"])
    client.session.left("/")
    #expect(client.session.sockets == [2] && client.hear("1") == "violation")
  }

  @Test func aRefusedClientMayAskAgain() {
    let client = Understanding()
    _ = client.hear("0/a")
    client.session.refused("/a")
    #expect(client.session.namespaceCount == 0 && !client.session.joined("/a", 1))
    #expect(client.hear("0/a") == "connect /a")
  }

  @Test func refusingDoesNotTakeOutWhoIsIn() {
    let client = Understanding(joined: ["/a"])
    client.session.refused("/a")
    #expect(client.session.sockets == [1])
    client.session.left("/b")
    #expect(client.session.namespaceCount == 1)
  }

  @Test func namesAreComparedWhole() {
    let client = Understanding(joined: ["/a", "/ab", "/é"])
    #expect(client.hear(#"2/ab,["e"]"#) == "event 2 e" && client.hear(#"2/a,["e"]"#) == "event 1 e")
    #expect(client.hear(#"2/é,["e"]"#) == "event 3 e")
    #expect(client.hear(#"2/abc,["e"]"#) == "violation" && client.hear(#"2["e"]"#) == "violation")
  }

  @Test func theEndReturnsTheSocketsAndForgetsEverything() {
    let client = Understanding(joined: ["/", "/a"])
    _ = client.hear("0/b")
    _ = client.hear(#"51-["e",{"_placeholder":true,"num":0}]"#)
    #expect(client.session.end() == [1, 2])
    #expect(client.session.end() == [] && client.session.namespaceCount == 0)
    #expect(client.hear([1]) == "error: got binary data when not reconstructing a packet")
  }

  @Test func socketsMayBeObjects() throws {
    final class Socket {}
    var session = SocketIOSession<Socket>(limits: SocketIOLimits())
    let text = ByteBuffer(string: "0")
    _ = try session.received(text: text.readableBytesSpan)
    let socket = Socket()
    let joined = session.joined("/", socket)
    #expect(joined && session.end().first === socket)
  }

  /// The two are equal as strings of Swift. Found by fuzzing.
  @Test func namespacesOfOtherBytesAreOthersThoughTheyLookTheSame() {
    let client = Understanding(joined: ["/\u{E9}", "/e\u{301}"])
    client.session.left("/e\u{301}")
    #expect(client.session.sockets == [1])
    _ = client.hear("0/e\u{301}")
    client.session.refused("/\u{E9}")
    #expect(client.session.namespaceCount == 2)
    #expect(!client.session.joined("/\u{E9}", 3) && client.session.joined("/e\u{301}", 3))
  }
}
