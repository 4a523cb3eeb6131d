import BongsuBytes
import Testing

@testable import BongsuReactor

private func ms(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

@Suite struct TimerWheelTests {
  @Test func aDeadlineComesNeverEarlyAndAtMostASlotLate() {
    for deadline in Int64(0)..<40 {
      for start in Int64(0)..<17 {
        var wheel = TimerWheel<Int>(now: ms(start))
        _ = wheel.schedule(1, at: ms(deadline))
        var now = start
        while wheel.advance(to: ms(now)).isEmpty { now += 1 }
        // What is due already waits for the next slot.
        #expect(now >= deadline && now < max(deadline, start) + 9, "\(deadline) from \(start)")
      }
    }
  }

  @Test func deadlinesFurtherThanALapWaitForTheirLap() {
    var wheel = TimerWheel<Int>(now: ms(0))
    _ = wheel.schedule(1, at: ms(65_536 + 800))
    _ = wheel.schedule(2, at: ms(800))
    _ = wheel.schedule(3, at: ms(3 * 65_536 + 800))
    #expect(wheel.advance(to: ms(1000)) == [2])
    #expect(wheel.advance(to: ms(65_536 + 792)) == [])
    #expect(wheel.advance(to: ms(65_536 + 800)) == [1])
    #expect(wheel.advance(to: ms(3 * 65_536 + 799)) == [])
    #expect(wheel.advance(to: ms(3 * 65_536 + 800)) == [3] && wheel.count == 0)
  }

  @Test func aLongSleepBringsEverythingThatIsDue() {
    var wheel = TimerWheel<Int>(now: ms(5))
    for number in 1...100 { _ = wheel.schedule(number, at: ms(Int64(number) * 5_000)) }
    #expect(wheel.advance(to: ms(400_000)).sorted() == Array(1...80))
    #expect(wheel.advance(to: ms(1 << 50)).sorted() == Array(81...100))
  }

  @Test func aCancelledDeadlineDoesNotCome() {
    var wheel = TimerWheel<Int>(now: ms(0))
    let ids = (0..<5).map { wheel.schedule($0, at: ms(80)) }
    wheel.cancel(ids[0])
    wheel.cancel(ids[2])
    wheel.cancel(ids[4])
    wheel.cancel(ids[2])
    #expect(wheel.count == 2 && wheel.advance(to: ms(80)).sorted() == [1, 3])
  }

  @Test func aStaleIDNamesNothing() {
    var wheel = TimerWheel<Int>(now: ms(0))
    let fired = wheel.schedule(1, at: ms(8))
    #expect(wheel.advance(to: ms(8)) == [1])
    _ = wheel.schedule(2, at: ms(16))
    wheel.cancel(fired)
    wheel.cancel(.none)
    #expect(wheel.advance(to: ms(16)) == [2])
  }

  @Test func neverAndLongAgoAreTimesToo() {
    var wheel = TimerWheel<Int>(now: ms(1000))
    _ = wheel.schedule(1, at: .never)
    _ = wheel.schedule(2, at: ms(-5))
    _ = wheel.schedule(3, at: ms(.min))
    #expect(wheel.advance(to: ms(1008)).sorted() == [2, 3])
    #expect(wheel.advance(to: ms(1 << 60)) == [] && wheel.count == 1)
  }

  @Test func timeDoesNotRunBackwards() {
    var wheel = TimerWheel<Int>(now: ms(1000))
    _ = wheel.schedule(1, at: ms(1010))
    #expect(wheel.advance(to: ms(500)) == [] && wheel.advance(to: ms(1000)) == [])
    #expect(wheel.advance(to: ms(1016)) == [1])
  }

  @Test func theDelayIsNoneWithoutDeadlines() {
    var wheel = TimerWheel<Int>(now: ms(0))
    #expect(wheel.delay(from: ms(0)) == nil)
    let id = wheel.schedule(1, at: ms(100))
    #expect(wheel.delay(from: ms(0)) == 104 && wheel.delay(from: ms(90)) == 14 && wheel.delay(from: ms(500)) == 0)
    wheel.cancel(id)
    #expect(wheel.delay(from: ms(0)) == nil)
  }

  @Test func theMemoryOfACrowdIsGivenBackAndItsIDsStayStale() {
    var wheel = TimerWheel<Int>(now: ms(0))
    let ids = (0..<10_000).map { wheel.schedule($0, at: ms(1000)) }
    #expect(wheel.entryCount == 10_000)
    for id in ids { wheel.cancel(id) }
    #expect(wheel.count == 0 && wheel.entryCount == 0)
    for number in 0..<10_000 { _ = wheel.schedule(number, at: ms(2000)) }
    for id in ids { wheel.cancel(id) }
    #expect(wheel.count == 10_000 && wheel.advance(to: ms(2000)).count == 10_000)
    #expect(wheel.entryCount == 0)
  }
}

extension TimerWheel {
  /// Entries in the slab, free ones included.
  fileprivate var entryCount: Int {
    Mirror(reflecting: self).descendant("entries").map { Mirror(reflecting: $0).children.count } ?? -1
  }
}
