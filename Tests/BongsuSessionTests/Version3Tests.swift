import BongsuEngineIO
import BongsuSession
import BongsuSocketIO
import NIOCore
import Testing

extension EngineSession {
  fileprivate static func old(_ transport: Transport, _ dialect: EngineDialect = .version3) -> EngineSession {
    EngineSession(transport: transport, dialect: dialect, timing: .short, now: at(0))
  }
}

/// Engine.IO 3 sessions: the client pings, packets have lengths.
@Suite struct EngineVersion3Tests {
  @Test func aPingIsAnsweredByWebSocketAtOnce() {
    var session = EngineSession.old(.webSocket)
    #expect(session.receive("2") == .actions([.send("3")]))
  }

  @Test func aPingIsAnsweredByTheNextPoll() {
    var session = EngineSession.old(.polling)
    #expect(session.receive("2") == .actions([]))
    #expect(session.pollArrived() == .accepted([]))
    #expect(session.flush() == [.answer("1:3")])
    #expect(session.pollArrived() == .accepted([]))
    #expect(session.receive("2") == .actions([.answer("1:3")]))
  }

  @Test func whoPingsAndPingsAndDoesNotPollIsOwedOneAnswer() {
    var session = EngineSession.old(.polling)
    for _ in 0..<10_000 { _ = session.receive("2") }
    #expect(session.queuedBytes < 1000)
    #expect(session.pollArrived() == .accepted([]))
    #expect(session.flush() == [.answer("1:3")])
  }

  @Test func aPongEndsTheSession() {
    var session = EngineSession.old(.webSocket)
    #expect(session.receive("3") == .actions([.closeWebSocket, .closed(.transportError)]))
  }

  @Test func withoutAPingInBothTimesTogetherItIsOver() {
    var session = EngineSession.old(.polling)
    #expect(session.nextDeadline == at(500))
    #expect(session.deadlineReached(at(499)) == [])
    _ = session.receive("2", 400)
    #expect(session.nextDeadline == at(900))
    #expect(session.deadlineReached(at(899)) == [])
    #expect(session.deadlineReached(at(900)) == [.closed(.pingTimeout)])
  }

  @Test func packetsHaveLengths() {
    var session = EngineSession.old(.polling)
    session.enqueue("4봉수")
    session.enqueue("4🔥")
    _ = session.pollArrived()
    #expect(session.flush() == [.answer("3:4봉수3:4🔥")])
  }

  @Test func bytesMakeABodyOfBytes() {
    var session = EngineSession.old(.polling)
    session.enqueue("4hello")
    session.enqueue(.binary(ByteBuffer(bytes: [1, 2, 3, 4])))
    _ = session.pollArrived()
    let body: [UInt8] = [0, 6, 255, 52, 104, 101, 108, 108, 111, 1, 5, 255, 4, 1, 2, 3, 4]
    #expect(session.flush() == [.answerPoll(ByteBuffer(bytes: body), isBinary: true)])
  }

  @Test func bytesAreBase64ForWhoTakesTextAlone() {
    var session = EngineSession.old(.polling, .version3Text)
    session.enqueue("4hello")
    session.enqueue(.binary(ByteBuffer(bytes: [1, 2, 3, 4])))
    _ = session.pollArrived()
    #expect(session.flush() == [.answer("6:4hello10:b4AQIDBA==")])
  }

  @Test func bodiesOfBytesAreTaken() {
    var session = EngineSession.old(.polling)
    #expect(session.postArrived(isBinary: true) == .accepted([]))
  }

  @Test func pollsAreLetGoInItsOwnWords() {
    var session = EngineSession.old(.polling)
    _ = session.pollArrived()
    #expect(session.pollArrived() == .overlapping([.answer("1:1"), .closed(.transportError)]))
    session = EngineSession.old(.polling)
    _ = session.pollArrived()
    #expect(session.receive("1") == .actions([.answer("1:6"), .closed(.transportClose)]))
    session = EngineSession.old(.polling)
    _ = session.closeGracefully(now: at(0))
    #expect(session.pollArrived() == .accepted([.answer("1:61:1"), .closed(.forcedClose)]))
  }

  @Test func anUpgradeWaitsForPingsAnew() {
    var session = EngineSession.old(.polling)
    session.enqueue("4waiting")
    #expect(session.probeArrived(now: at(400)) == true)
    #expect(session.probeReceived(.ping, isProbe: true, now: at(400)) == [.sendProbeAnswer])
    #expect(
      session.probeReceived(.upgrade, isProbe: false, now: at(400)) == [.adoptProbe(waiting: [.text("4waiting")])])
    #expect(session.transport == .webSocket && session.nextDeadline == at(900))
  }
}

/// Socket.IO 2: the query stands behind a namespace's name.
@Suite struct Revision4Tests {
  private func hear(_ session: inout SocketIOSession<Int>, _ text: String) -> String {
    let bytes = ByteBuffer(string: text)
    do throws(SocketIOParseError) {
      switch try session.received(text: bytes.readableBytesSpan) {
      case .connectByQuery(let namespace, let query):
        return "connect \(namespace) \(query.map { bytes.readableBytesSpan.string($0) } ?? "-")"
      case .event(let socket, _, _): return "event \(socket)"
      case .disconnect(let socket): return "disconnect \(socket)"
      case .violation: return "violation"
      default: return "else"
      }
    } catch { return "error" }
  }

  @Test(arguments: [
    ("0/chat,", "connect /chat -"), ("0/chat?token=a%20b&x=1,", "connect /chat token=a%20b&x=1"),
    ("0/chat?,", "connect /chat "), ("0/chat?a?b,", "connect /chat a?b"), ("0/?x=1,", "connect / x=1"),
    ("0", "connect / -"),
  ])
  func aConnectBringsItsQuery(text: String, expected: String) {
    var session = SocketIOSession<Int>(limits: SocketIOLimits(), isRevision4: true)
    #expect(hear(&session, text) == expected)
  }

  @Test func whoIsInIsFoundWithOrWithoutAQuery() {
    var session = SocketIOSession<Int>(limits: SocketIOLimits(), isRevision4: true)
    session.connecting("/")
    #expect(session.joined("/", 1) == true)
    _ = hear(&session, "0/chat?token=a,")
    #expect(session.joined("/chat", 2) == true)
    #expect(session.sockets == [1, 2])
    #expect(hear(&session, #"2["hello"]"#) == "event 1")
    #expect(hear(&session, #"2/chat,["hello"]"#) == "event 2")
    #expect(hear(&session, #"2/chat?token=b,["hello"]"#) == "event 2")
    #expect(hear(&session, "0/chat?again,") == "violation")
    #expect(hear(&session, "0") == "violation")
    #expect(hear(&session, "1/chat,") == "disconnect 2")
  }

  @Test func toOthersTheQueryBelongsToTheName() {
    var session = SocketIOSession<Int>(limits: SocketIOLimits())
    #expect(hear(&session, "0/chat?token=a,") == "else")
    #expect(session.joined("/chat?token=a", 1) == true)
  }
}
