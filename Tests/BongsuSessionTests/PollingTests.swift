import BongsuEngineIO
import BongsuSession
import NIOCore
import Testing

@Suite struct PollingTests {
  @Test func aPollWaitsUntilThereIsSomethingToSay() {
    var session = EngineSession.polling()
    #expect(session.pollArrived() == .accepted([]))
    #expect(session.pollPending && session.flush() == [])
    session.enqueue("4hello")
    #expect(session.flush() == [.answer("4hello")])
    #expect(!session.pollPending && session.flush() == [])
  }

  @Test func packetsWaitForAPoll() {
    var session = EngineSession.polling()
    session.enqueue("4hello")
    #expect(session.flush() == [] && session.queuedBytes == OutgoingPacket.text(ByteBuffer(string: "4hello")).cost)
    #expect(session.pollArrived() == .accepted([]))
    #expect(session.flush() == [.answer("4hello")])
    #expect(session.queuedBytes == 0)
  }

  @Test func packetsOfOneTurnShareAnAnswerInOrder() {
    var session = EngineSession.polled()
    session.enqueue("4first")
    session.enqueue(.binary(ByteBuffer(bytes: [1, 2, 3, 4])))
    session.enqueue("42[\"last\"]")
    #expect(session.flush() == [.answer("4first\u{1E}bAQIDBA==\u{1E}42[\"last\"]")])
  }

  @Test func aSecondPollEndsTheSession() {
    var session = EngineSession.polled()
    #expect(session.pollArrived() == .overlapping([.answer("1"), .closed(.transportError)]))
    #expect(session.state == .closed)
  }

  @Test func aSecondPostEndsTheSession() {
    var session = EngineSession.polled()
    #expect(session.postArrived(isBinary: false) == .accepted([]))
    #expect(session.postArrived(isBinary: false) == .overlapping([.answer("6"), .closed(.transportError)]))
  }

  @Test func thePostAfterAFinishedOneIsTaken() {
    var session = EngineSession.polling()
    #expect(session.postArrived(isBinary: false) == .accepted([]))
    session.postEnded()
    #expect(session.postArrived(isBinary: false) == .accepted([]))
  }

  @Test func aBinaryBodyEndsTheSession() {
    var session = EngineSession.polling()
    #expect(session.postArrived(isBinary: true) == .overlapping([.closed(.transportError)]))
  }

  @Test func anAbandonedPollEndsTheSession() {
    var session = EngineSession.polled()
    #expect(session.pollAborted() == [.closed(.transportError)])
    #expect(session.pollAborted() == [])
  }

  @Test func aWebSocketSessionTakesNoRequests() {
    var session = EngineSession.webSocket()
    #expect(session.pollArrived() == .wrongTransport)
    #expect(session.postArrived(isBinary: false) == .wrongTransport)
    #expect(session.state == .open)
  }

  @Test func nothingIsQueuedOnAWebSocket() {
    var session = EngineSession.webSocket()
    session.enqueue("4hello")
    #expect(session.queuedBytes == 0 && session.flush() == [])
  }
}

@Suite struct PacketTests {
  @Test func messagesAreRangesOfThePacket() {
    var session = EngineSession.polling()
    #expect(session.receive("4hello") == .message(1..<6))
    #expect(session.receive("4") == .message(1..<1))
    #expect(session.receive("bAQIDBA==") == .binary(base64: 1..<9))
  }

  @Test(arguments: ["0", "0{}", "3", "3probe", "5", "6"]) func whatHasNoMeaningHereIsIgnored(packet: String) {
    var session = EngineSession.polled()
    #expect(session.receive(packet) == .nothing)
    #expect(session.state == .open && session.pollPending)
  }

  @Test(arguments: ["", "abc", "7", "9x", "\u{1E}"]) func garbageIsAParseError(packet: String) {
    var session = EngineSession.polled()
    #expect(session.receive(packet) == .actions([.answer("6"), .closed(.parseError)]))
  }

  @Test func aPingOfTheClientIsATransportError() {
    var session = EngineSession.polling()
    #expect(session.receive("2") == .actions([.closed(.transportError)]))
  }

  @Test func aClosePacketAnswersThePollWithANoop() {
    var session = EngineSession.polled()
    #expect(session.receive("1") == .actions([.answer("6"), .closed(.transportClose)]))
  }

  @Test func aClosePacketClosesAWebSocket() {
    var session = EngineSession.webSocket()
    #expect(session.receive("1") == .actions([.closeWebSocket, .closed(.transportClose)]))
  }

  @Test(arguments: ["4hello", "2", "1", "abc", "bAQID", "3"]) func aClosedSessionHearsNothing(packet: String) {
    var session = EngineSession.polling()
    _ = session.close(.forcedClose)
    #expect(session.receive(packet) == .nothing)
  }
}
