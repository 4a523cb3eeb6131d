import BongsuEngineIO
import BongsuSession
import NIOCore
import Testing

@Suite struct UpgradeTests {
  @Test func aProbeIsAnswered() {
    var session = EngineSession.polling()
    #expect(session.probeArrived(now: at(0)) == true)
    #expect(session.probeReceived(.ping, isProbe: true, now: at(10)) == [.sendProbeAnswer])
    #expect(session.transport == .polling)
  }

  @Test func onlyOneWebSocketMayTry() {
    var session = EngineSession.probed()
    #expect(session.probeArrived(now: at(0)) == false)
    session.probeClosed()
    #expect(session.probeArrived(now: at(0)) == true)
  }

  @Test func aWebSocketSessionAndAClosedOneTakeNoProbe() {
    var onWebSocket = EngineSession.webSocket()
    #expect(onWebSocket.probeArrived(now: at(0)) == false)
    var closed = EngineSession.polling()
    _ = closed.close(.forcedClose)
    #expect(closed.probeArrived(now: at(0)) == false)
  }

  @Test func theUpgradeFlushesWhatWaitsInOrder() {
    var session = EngineSession.probed()
    session.enqueue("4a")
    session.enqueue(.binary(ByteBuffer(bytes: [9])))
    session.enqueue("4b")
    #expect(
      session.probeReceived(.upgrade, isProbe: false, now: at(20)) == [
        .adoptProbe(waiting: [.text("4a"), .binary(ByteBuffer(bytes: [9])), .text("4b")])
      ])
    #expect(session.transport == .webSocket && session.queuedBytes == 0 && session.state == .open)
  }

  @Test func aPollThatStillWaitsIsToldToClose() {
    var session = EngineSession.probed()
    _ = session.pollArrived()
    #expect(session.probeReceived(.upgrade, isProbe: false, now: at(20)) == [.adoptProbe(waiting: []), .answer("1")])
  }

  @Test func pollsGoOnWhileTheProbeIsAnswered() {
    var session = EngineSession.probed()
    _ = session.pollArrived()
    session.enqueue("4still")
    #expect(session.flush() == [.answer("4still")])
    #expect(session.receive("4up", 5) == .message(1..<3))
  }

  @Test func aPollIsFreedEveryTenthOfASecond() {
    var session = EngineSession.probed()
    #expect(session.nextDeadline == at(300))
    _ = session.pollArrived()
    #expect(session.nextDeadline == at(100))
    #expect(session.deadlineReached(at(99)) == [])
    #expect(session.deadlineReached(at(100)) == [.answer("6")])
    _ = session.pollArrived()
    #expect(session.deadlineReached(at(150)) == [])
    #expect(session.deadlineReached(at(200)) == [.answer("6")])
  }

  @Test func anythingElseDropsOnlyTheProbe() {
    for type in EnginePacketTypes.all {
      var fresh = EngineSession.polling()
      _ = fresh.probeArrived(now: at(0))
      #expect(fresh.probeReceived(type, isProbe: false, now: at(0)) == [.dropProbe])
      #expect(fresh.state == .open && fresh.transport == .polling)
      guard type != .upgrade else { continue }
      var probed = EngineSession.probed()
      #expect(probed.probeReceived(type, isProbe: type == .ping, now: at(0)) == [.dropProbe])
      #expect(probed.state == .open && probed.probeArrived(now: at(0)))
    }
  }

  @Test func anUpgradeThatTakesTooLongDropsOnlyTheProbe() {
    var session = EngineSession.probed()
    _ = session.deadlineReached(at(300))
    _ = session.receive("3", 999)
    #expect(session.nextDeadline == at(1000))
    #expect(session.deadlineReached(at(1000)) == [.dropProbe])
    #expect(session.state == .open && session.nextDeadline == at(1299))
  }

  @Test func theSessionsEndDropsTheProbe() {
    var session = EngineSession.probed()
    #expect(session.close(.transportError) == [.dropProbe, .closed(.transportError)])
  }

  @Test func aRunningPongTimeoutStartsAnew() {
    var session = EngineSession.probed()
    _ = session.deadlineReached(at(300))
    _ = session.probeReceived(.upgrade, isProbe: false, now: at(400))
    #expect(session.nextDeadline == at(600))
  }

  @Test func aSessionThatIsClosingFlushesOverTheWebSocketAndCloses() {
    var session = EngineSession.probed()
    session.enqueue("41")
    #expect(session.closeGracefully(now: at(10)) == [])
    #expect(
      session.probeReceived(.upgrade, isProbe: false, now: at(20)) == [
        .adoptProbe(waiting: [.text("41")]), .closeWebSocket, .closed(.forcedClose),
      ])
  }
}
