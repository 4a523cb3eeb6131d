import BongsuBytes
import Testing

@testable import Bongsu

@Suite struct SavedSessionsTests {
  private func time(_ seconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: seconds * 1000) }

  private func session(_ pid: String, rooms: [String] = []) -> SavedSession {
    SavedSession(sid: "sid of " + pid, pid: pid, rooms: rooms, data: SocketData())
  }

  @Test func aSessionIsTakenOnce() {
    var saved = SavedSessions(time: .seconds(10), bytes: .max, count: .max)
    saved.save(session("a"), now: time(0))
    #expect(saved.take("b", now: time(1)) == nil)
    #expect(saved.take("a", now: time(1))?.sid == "sid of a")
    #expect(saved.take("a", now: time(1)) == nil && saved.isEmpty && saved.byteCount == 0)
  }

  @Test func aSessionExpires() {
    var saved = SavedSessions(time: .seconds(10), bytes: .max, count: .max)
    saved.save(session("a"), now: time(0))
    saved.save(session("b"), now: time(5))
    #expect(saved.expiry == time(10))
    #expect(saved.take("a", now: time(10)) == nil && saved.expiry == time(15))
    // Saved anew, it has its whole time again.
    saved.save(session("b"), now: time(14))
    #expect(saved.take("b", now: time(20)) != nil)
  }

  @Test func theOldestGoWhenThereAreTooManyOrTooMuch() {
    var saved = SavedSessions(time: .seconds(10), bytes: .max, count: 2)
    for pid in ["a", "b", "a", "c"] { saved.save(session(pid), now: time(0)) }
    #expect(saved.take("b", now: time(0)) == nil)
    #expect(saved.take("a", now: time(0)) != nil && saved.take("c", now: time(0)) != nil)
    saved = SavedSessions(time: .seconds(10), bytes: 2_000, count: 9)
    for pid in ["a", "b", "c"] {
      saved.save(session(pid, rooms: [String(repeating: "r", count: 200)]), now: time(0))
      #expect(saved.byteCount <= 2_000)
    }
    #expect(saved.take("a", now: time(0)) == nil && saved.take("b", now: time(0)) != nil)
  }

  @Test func theMostExpensiveGoFirstWhenThereIsTooMuch() {
    var saved = SavedSessions(time: .seconds(10), bytes: 100_000, count: .max)
    let small = (0..<20).map { "small \($0)" }
    for pid in small { saved.save(session(pid, rooms: ["room"]), now: time(0)) }
    for number in 0..<100 {
      let rooms = (0..<100).map { "a room of one client in very many rooms, the \($0)th" }
      saved.save(session("large \(number)", rooms: rooms), now: time(1))
      #expect(saved.byteCount <= 100_000)
    }
    // The newest of these, and all of those.
    #expect(saved.take("large 98", now: time(2)) != nil && saved.take("large 0", now: time(2)) == nil)
    for pid in small { #expect(saved.take(pid, now: time(2)) != nil) }
  }

  @Test func whoComesAndGoesLeavesNothingBehind() {
    var saved = SavedSessions(time: .seconds(10), bytes: .max, count: .max)
    for _ in 0..<10_000 {
      saved.save(session("a"), now: time(0))
      #expect(saved.orderCount <= 70)
      _ = saved.take("a", now: time(0))
    }
  }
}
