import BongsuBytes
import BongsuSession
import NIOCore
import Testing

@Suite struct HeartbeatTests {
  @Test func theFirstPingComesAfterAnInterval() {
    var session = EngineSession.webSocket()
    #expect(session.nextDeadline == at(300))
    #expect(session.deadlineReached(at(299)) == [])
    #expect(session.deadlineReached(at(300)) == [.send("2")])
    #expect(session.nextDeadline == at(500))
  }

  @Test func aPollThatWaitsIsAnsweredWithThePing() {
    var session = EngineSession.polled()
    #expect(session.deadlineReached(at(300)) == [.answer("2")])
  }

  @Test func withoutAPollThePingWaits() {
    var session = EngineSession.polling()
    #expect(session.deadlineReached(at(300)) == [])
    #expect(session.pollArrived() == .accepted([]))
    #expect(session.flush() == [.answer("2")])
  }

  @Test func theNextIntervalBeginsWithThePong() {
    var session = EngineSession.webSocket()
    _ = session.deadlineReached(at(300))
    #expect(session.receive("3", 450) == .nothing)
    #expect(session.nextDeadline == at(750))
    #expect(session.deadlineReached(at(749)) == [])
    #expect(session.deadlineReached(at(750)) == [.send("2")])
  }

  @Test func aMissingPongEndsTheSession() {
    var session = EngineSession.webSocket()
    _ = session.deadlineReached(at(300))
    #expect(session.deadlineReached(at(499)) == [])
    #expect(session.deadlineReached(at(500)) == [.closeWebSocket, .closed(.pingTimeout)])
    #expect(session.nextDeadline == .never)
  }

  @Test func aMissingPongLetsAPollGo() {
    var session = EngineSession.polled()
    _ = session.deadlineReached(at(300))
    _ = session.pollArrived()
    #expect(session.deadlineReached(at(500)) == [.answer("6"), .closed(.pingTimeout)])
  }

  @Test func otherTrafficIsNoPong() {
    var session = EngineSession.webSocket()
    _ = session.deadlineReached(at(300))
    #expect(session.receive("4hello", 400) == .message(1..<6))
    #expect(session.nextDeadline == at(500))
  }

  @Test func aPongThatNobodyAskedForMovesNothing() {
    var session = EngineSession.webSocket()
    #expect(session.receive("3", 200) == .nothing)
    #expect(session.nextDeadline == at(300))
  }

  @Test func aTimersLatenessIsNotAddedToTheTimeForThePong() {
    var session = EngineSession.webSocket()
    #expect(session.deadlineReached(at(308)) == [.send("2")])
    #expect(session.nextDeadline == at(500))
  }

  @Test func aLateDeadlineCountsFromWhenItCame() {
    var session = EngineSession.webSocket()
    #expect(session.deadlineReached(at(10_000)) == [.send("2")])
    #expect(session.nextDeadline == at(10_200))
  }
}
