import BongsuWebSocket
import NIOCore
import Testing

@testable import Bongsu

@Suite struct SessionHistoryTests {
  private func packet(_ position: UInt64, to rooms: [String] = [], except: [String] = []) -> KeptPacket {
    let message = Message(content: .plain(ByteBuffer(string: "x"), .text))
    let target = Target(rooms: rooms, except: except)
    return KeptPacket(message, to: target, at: PacketOffset(position: position, signature: 1))
  }

  @Test func aPacketIsForWhoWasThereAndInTheRoomThen() {
    var history = SessionHistory(sid: "me", start: 10)
    history.joined("late", at: 20)
    history.joined("left", at: 10)
    history.left("left", at: 30, limit: 9)
    #expect(!history.includes(packet(10)) && history.includes(packet(11)))
    #expect(history.includes(packet(11, to: ["me"])) && !history.includes(packet(11, to: ["you"])))
    #expect(!history.includes(packet(20, to: ["late"])) && history.includes(packet(21, to: ["late"])))
    #expect(history.includes(packet(30, to: ["left"])) && !history.includes(packet(31, to: ["left"])))
    #expect(history.includes(packet(31, to: ["left", "late"])))
  }

  @Test func whoWasInAnExceptedRoomThenIsLeftOut() {
    var history = SessionHistory(sid: "me", start: 0)
    history.joined("room", at: 5)
    #expect(!history.includes(packet(9, except: ["me"])) && !history.includes(packet(9, to: ["room"], except: ["me"])))
    #expect(history.includes(packet(5, except: ["room"])) && !history.includes(packet(6, except: ["room"])))
  }

  @Test func aRoomThatIsJoinedAgainHasTwoStays() {
    var history = SessionHistory(sid: "me", start: 0)
    history.joined("room", at: 1)
    history.left("room", at: 3, limit: 9)
    history.joined("room", at: 5)
    history.joined("room", at: 7)
    #expect([1, 2, 3, 4, 5, 6, 7].filter { history.includes(packet($0, to: ["room"])) } == [2, 3, 6, 7])
  }

  @Test func formerRoomsAreForgottenAndSaidToBe() {
    var history = SessionHistory(sid: "me", start: 0)
    for room in 0..<9 as Range<UInt64> {
      history.joined("\(room)", at: room * 10)
      history.left("\(room)", at: room * 10 + 5, limit: 8)
    }
    history.sent.add(80, first: 1)
    history.end = 90
    // Five of nine are gone, the last of them left at 45.
    #expect(history.byteCount == 4 * 65)
    history.knows(44)
    #expect(history.replayStart(first: 1) == nil)
    history.knows(45)
    #expect(history.replayStart(first: 1) == 45)
  }

  @Test func whoHasBeenSentNothingNeedsWhatCameAfterItsLoss() {
    var history = SessionHistory(sid: "me", start: 3)
    history.end = 100
    #expect(history.replayStart(first: 101) == 100)
    #expect(history.replayStart(first: 102) == nil)
    #expect(history.replayStart(first: 1) == 100)
  }

  @Test func whoKnowsTheLastThatItWasSentNeedsNothingOlder() {
    var history = SessionHistory(sid: "me", start: 3)
    history.sent.add(5, first: 1)
    history.end = 100
    var lost = history
    history.knows(5)
    #expect(history.replayStart(first: 90) == 100)
    // Another that has lost it needs it.
    lost.knows(4)
    #expect(lost.replayStart(first: 5) == 4)
    #expect(lost.replayStart(first: 6) == nil)
  }

  @Test func whoWasIdleForLongNeedsOnlyWhatItWasSentSince() {
    var history = SessionHistory(sid: "me", start: 0)
    history.sent.add(5, first: 1)
    // An hour later.
    history.sent.add(1000, first: 900)
    history.sent.add(1010, first: 905)
    history.end = 1100
    history.knows(5)
    #expect(history.replayStart(first: 950) == 949)
    #expect(history.replayStart(first: 1000) == 999)
    #expect(history.replayStart(first: 1001) == nil)
    history.knows(1000)
    #expect(history.replayStart(first: 1001) == 1000)
    #expect(history.replayStart(first: 1010) == nil)
  }

  /// Against the list of all that was sent.
  @Test func sentPositionsNeverSayThatSomethingIsKeptThatIsNot() {
    var random = Seeded(7)
    var certain = 0
    for _ in 0..<2_000 {
      var (positions, sent) = (SentPositions(), [UInt64]())
      var (position, first): (UInt64, UInt64) = (0, 1)
      for _ in 0..<Int.random(in: 0..<8, using: &random) {
        position += .random(in: 1...20, using: &random)
        first = max(first, position - min(position - 1, .random(in: 0..<30, using: &random)))
        positions.add(position, first: first)
        sent.append(position)
      }
      first += .random(in: 0..<10, using: &random)
      let known = UInt64.random(in: 0...position, using: &random)
      let isKept = sent.allSatisfy { $0 <= known || $0 >= first }
      if positions.areKept(after: known, first: first) {
        #expect(isKept, "\(sent) \(known) \(first)")
        certain += 1
      }
    }
    #expect(certain > 500)
  }
}
