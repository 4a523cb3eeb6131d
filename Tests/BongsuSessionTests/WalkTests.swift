import BongsuEngineIO
import NIOCore
import Testing

@testable import BongsuSession

@Suite struct WalkTests {
  @Test(arguments: 1...5) func everyWalkKeepsThePromises(seed: UInt64) {
    var walk = Walk(seed: seed)
    for step in 0..<100_000 {
      walk.step()
      guard walk.complaints.isEmpty else {
        Issue.record("step \(step): \(walk.complaints.joined(separator: ", "))")
        return
      }
    }
    #expect(walk.sessions > 100 && walk.upgrades > 100)
  }
}

/// A driver that does what comes to its mind, and checks what the session asks of it.
private struct Walk {
  private(set) var complaints: [String] = []
  private(set) var sessions = 1
  private(set) var upgrades = 0

  private var generator: SeededGenerator
  private var session = EngineSession.polling()
  private var milliseconds: Int64 = 0
  private var hasPoll = false
  private var hasProbe = false
  private var isOver = false
  /// Messages are numbered: those sent, and the next that the client is due.
  private var sent = 0
  private var heard = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
  private mutating func check(_ claim: Bool, _ words: String) { if !claim { complaints.append(words) } }

  mutating func step() {
    if isOver { begin() }
    milliseconds += Int64.random(in: 0...40, using: &generator)
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<20: say()
    case 20..<40: request()
    case 40..<60: receive()
    case 60..<75: probe()
    case 75..<98: deadline()
    default: end()
    }
    check(session.invariants(), "invariants")
    check(session.pollPending == hasPoll, "the poll that waits is the one that was not answered")
    check((session.state == .closed) == isOver, "`closed` is said when it is so")
    if case .closing = session.state { check(!hasPoll, "a session that is closing has answered its poll") }
  }

  private mutating func begin() {
    let isPolling = chance(70)
    session = EngineSession(transport: isPolling ? .polling : .webSocket, timing: .short, now: at(milliseconds))
    (hasPoll, hasProbe, isOver, sent, heard) = (false, false, false, 0, 0)
    sessions += 1
  }

  private mutating func say() {
    for _ in 0..<Int.random(in: 1...3, using: &generator) where session.state == .open {
      let packet = OutgoingPacket.text(ByteBuffer(string: "4\(sent)"))
      sent += 1
      if session.transport == .polling { session.enqueue(packet) } else { hear("4\(sent - 1)") }
    }
    perform(session.flush())
  }

  private mutating func request() {
    if chance(60), !hasPoll || chance(3) {
      let isSecond = hasPoll
      switch session.pollArrived() {
      case .accepted(let actions):
        hasPoll = true
        perform(actions + (isOver ? [] : session.flush()))
      case .overlapping(let actions):
        check(isSecond, "a single poll does not overlap")
        perform(actions)
      case .wrongTransport: check(session.transport == .webSocket, "polls belong to polling")
      }
    } else if chance(2), hasPoll {
      hasPoll = false
      perform(session.pollAborted())
    } else if case .overlapping(let actions) = session.postArrived(isBinary: chance(1)) {
      perform(actions)
    } else if chance(98) {
      session.postEnded()
    }
  }

  private mutating func receive() {
    var packets = ["4hello", "4", "bAQID", "3", "3", "3", "0", "5", "6"]
    if chance(3) { packets = ["", "abc", "2", "1"] }
    if case .actions(let actions) = session.receive(packets.randomElement(using: &generator) ?? "", milliseconds) {
      perform(actions)
    }
  }

  private mutating func probe() {
    guard hasProbe else {
      let isTaken = session.probeArrived(now: at(milliseconds))
      check(isTaken == (session.transport == .polling), "one probe may try while polling")
      hasProbe = isTaken
      return
    }
    if chance(10) {
      hasProbe = false
      return session.probeClosed()
    }
    let usual: EnginePacketType = chance(50) ? .ping : .upgrade
    let type = chance(90) ? usual : nil
    perform(session.probeReceived(type, isProbe: chance(95), now: at(milliseconds)))
  }

  private mutating func deadline() {
    perform(session.deadlineReached(at(milliseconds)))
    check(isOver || session.nextDeadline > at(milliseconds), "the next deadline is ahead")
  }

  private mutating func end() {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0..<5: perform(session.closeGracefully(now: at(milliseconds)))
    case 5: perform(session.shutDown())
    case 6: perform(session.close(.transportError))
    default: if session.transport == .webSocket { perform(session.webSocketClosed(.transportClose)) }
    }
  }

  private mutating func perform(_ actions: [EngineAction]) {
    for action in actions {
      check(!isOver, "`closed` is the last")
      switch action {
      case .answerPoll(let payload, _):
        check(hasPoll, "there is a poll to answer")
        hasPoll = false
        for packet in String(buffer: payload).split(separator: "\u{1E}") { hear(String(packet)) }
      case .send(let packet): hear(packet)
      case .sendProbeAnswer: check(hasProbe, "there is a probe")
      case .dropProbe, .adoptProbe:
        check(hasProbe, "there is a probe")
        hasProbe = false
        guard case .adoptProbe(let waiting) = action else { break }
        upgrades += 1
        for packet in waiting { hear(packet) }
      case .closeWebSocket: check(session.transport == .webSocket, "there is a WebSocket to close")
      case .closed:
        check(!hasProbe, "no probe outlives its session")
        isOver = true
      }
    }
  }

  private mutating func hear(_ packet: OutgoingPacket) {
    check(session.transport == .webSocket, "packets are sent by WebSocket")
    guard case .text(let text) = packet else { return check(false, "nobody sent binary") }
    hear(String(buffer: text))
  }

  /// Messages arrive once and in order, whatever transport they come by.
  private mutating func hear(_ packet: String) {
    guard packet.hasPrefix("4") else {
      return check(["1", "2", "6"].contains(packet), "\(packet) is a packet of the session's own")
    }
    check(packet == "4\(heard)", "message \(heard) is next, not \(packet)")
    heard += 1
  }
}
