import BongsuBytes
import BongsuEngineIO
import BongsuSession
import NIOCore
import Testing

enum EnginePacketTypes {
  static let all: [EnginePacketType?] = EnginePacketType.allCases + [nil]
}

@Suite struct ClosingTests {
  @Test func aPollThatWaitsIsToldAtOnce() {
    var session = EngineSession.polled()
    #expect(session.closeGracefully(now: at(0)) == [.answer("1"), .closed(.forcedClose)])
  }

  @Test func withoutAPollTheNextOneIsToldWithANoopInFront() {
    var session = EngineSession.polling()
    #expect(session.closeGracefully(now: at(0)) == [])
    #expect(session.state == .closing(until: at(3000)))
    #expect(session.pollArrived() == .accepted([.answer("6\u{1E}1"), .closed(.forcedClose)]))
  }

  @Test func whatWaitsGoesOutFirst() {
    var session = EngineSession.polled()
    session.enqueue("41")
    #expect(session.closeGracefully(now: at(0)) == [.answer("41")])
    #expect(session.pollArrived() == .accepted([.answer("6\u{1E}1"), .closed(.forcedClose)]))
  }

  @Test func whatWaitsWithoutAPollTakesTwoPolls() {
    var session = EngineSession.polling()
    session.enqueue("4bye")
    #expect(session.closeGracefully(now: at(0)) == [])
    #expect(session.pollArrived() == .accepted([.answer("4bye")]))
    #expect(session.pollArrived() == .accepted([.answer("6\u{1E}1"), .closed(.forcedClose)]))
  }

  @Test func withoutAnyPollTheSessionEndsAnyway() {
    var session = EngineSession.polling()
    _ = session.closeGracefully(now: at(0))
    #expect(session.nextDeadline == at(3000))
    #expect(session.deadlineReached(at(2999)) == [])
    #expect(session.deadlineReached(at(3000)) == [.closed(.forcedClose)])
  }

  @Test func aClosingSessionTakesNothingMore() {
    var session = EngineSession.polling()
    _ = session.closeGracefully(now: at(0))
    session.enqueue("4late")
    #expect(session.queuedBytes == 0)
    #expect(session.receive("4hello") == .nothing && session.receive("abc") == .nothing)
    #expect(session.closeGracefully(now: at(1)) == [])
  }

  @Test func aWebSocketIsClosedAtOnce() {
    var session = EngineSession.webSocket()
    #expect(session.closeGracefully(now: at(0)) == [.closeWebSocket, .closed(.forcedClose)])
  }

  @Test func shuttingDownAnswersAPollWithClose() {
    var polled = EngineSession.polled()
    #expect(polled.shutDown() == [.answer("1"), .closed(.forcedClose)])
    var webSocket = EngineSession.webSocket()
    #expect(webSocket.shutDown() == [.closeWebSocket, .closed(.forcedClose)])
    var closing = EngineSession.polling()
    _ = closing.closeGracefully(now: at(0))
    #expect(closing.shutDown() == [.closed(.forcedClose)])
  }

  @Test func whatThisTurnHasForAPollIsItsLastAnswer() {
    var shutDown = EngineSession.polled()
    shutDown.enqueue("4last")
    #expect(shutDown.shutDown() == [.answer("4last"), .closed(.forcedClose)] && shutDown.queuedBytes == 0)
    var broken = EngineSession.polled()
    broken.enqueue("4last")
    #expect(broken.receive("abc") == .actions([.answer("4last"), .closed(.parseError)]))
    var overlapped = EngineSession.polled()
    overlapped.enqueue("4last")
    #expect(overlapped.pollArrived() == .overlapping([.answer("4last"), .closed(.transportError)]))
  }

  @Test func withoutAPollWhatWaitsIsLostWithTheSession() {
    var session = EngineSession.polling()
    session.enqueue("4lost")
    #expect(session.shutDown() == [.closed(.forcedClose)] && session.queuedBytes == 0)
  }

  @Test func aWebSocketThatIsGoneNeedsNoClosing() {
    var session = EngineSession.webSocket()
    #expect(session.webSocketClosed(.transportClose) == [.closed(.transportClose)])
  }

  @Test func nothingHappensTwice() {
    var session = EngineSession.polled()
    _ = session.close(.forcedClose)
    #expect(session.close(.parseError) == [] && session.shutDown() == [])
    #expect(session.closeGracefully(now: at(0)) == [] && session.webSocketClosed(.transportClose) == [])
    #expect(session.deadlineReached(at(100_000)) == [] && session.flush() == [])
    #expect(session.pollAborted() == [] && session.nextDeadline == .never)
  }
}
