import BongsuBytes
import Loopback
import NIOCore
import Synchronization
import Testing

@testable import BongsuReactor

extension SocketTests {
  @Suite struct GivenTimeTests {
    private final class Alarm: TimerTarget {
      private let log: Unchecked<[Int64]>
      init(_ log: Unchecked<[Int64]>) { self.log = log }
      func deadlineReached(_ now: MonotonicTime) { log.value.append(now.milliseconds) }
    }

    private func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    @Test func deadlinesComeWhenItIsSaidThatTheyDo() async throws {
      let harness = try Harness(givenTime: time(1000))
      let loop = harness.loops[0]
      let log = Unchecked<[Int64]>([])
      await harness.on {
        for milliseconds in [1001, 1300, 500_000] as [Int64] {
          _ = loop.schedule(Alarm(log), at: MonotonicTime(milliseconds: milliseconds))
        }
      }
      try await Task.sleep(for: .milliseconds(30))
      let stopped = await harness.on { (log.value, loop.now.milliseconds, loop.nextDeadline?.milliseconds) }
      #expect(stopped.0 == [] && stopped.1 == 1000 && stopped.2 == 1001)
      for now in [1000, 1299, 1300, 499_999, 500_000] as [Int64] {
        await harness.on {
          loop.moveTime(to: MonotonicTime(milliseconds: now))
          loop.fireDeadlines()
        }
      }
      #expect(await harness.on { log.value } == [1299, 1300, 500_000])
      #expect(await harness.on { loop.nextDeadline == nil })
      await harness.stop()
    }

    /// Ends another connection when its time has come.
    private final class Ender: ConnectionDelegate {
      var own: Connection?
      var other: Connection?
      func received(_ bytes: inout MutableRawSpan, on connection: Connection) {}
      func deadlineReached(_ now: MonotonicTime, on connection: Connection) {
        other?.write { $0.writeString("goodbye") }
        other?.finish()
      }
      func inputEnded(on connection: Connection) {}
      func drained(_ connection: Connection) {}
      func closed(_ connection: Connection) {}
    }

    @Test func aDeadlineThatComesTogetherWithAnotherIsMovedByIt() async throws {
      let enders = Unchecked([Ender(), Ender()])
      let accepted = Unchecked(0)
      let harness = try Harness(givenTime: time(1000)) { connection in
        let ender = enders.value[accepted.value]
        (ender.own, connection.delegate) = (connection, ender)
        accepted.value += 1
        connection.setDeadline(MonotonicTime(milliseconds: 2000))
      }
      let clients = [try harness.connect(), try harness.connect()]
      #expect(await eventually { await harness.on { accepted.value } == 2 })
      await harness.on {
        (enders.value[0].other, enders.value[1].other) = (enders.value[1].own, enders.value[0].own)
        harness.loops[0].moveTime(to: MonotonicTime(milliseconds: 2000))
        harness.loops[0].fireDeadlines()
      }
      // Whose deadline comes first is nobody's business; the other one's has been moved.
      let isFirst = await harness.on { enders.value[0].own?.state == .open }
      #expect(clients[isFirst ? 1 : 0].receive(7) == Array("goodbye".utf8))
      #expect(await harness.on { enders.value.count { $0.own?.state == .open } } == 1)
      await harness.on { for ender in enders.value { (ender.own, ender.other) = (nil, nil) } }
      await harness.stop()
    }

    @Test func anObservationComesBehindEverythingThatWasToBeDone() async throws {
      let harness = try Harness()
      let loop = harness.loops[0]
      let done = Unchecked(0)
      var before: Int?
      for round in 0..<50 {
        for _ in 0..<300 { loop.submit { loop.submitForLater { loop.submit { done.value += 1 } } } }
        for last in [false, true] {
          let (seen, activity) = await withCheckedContinuation { continuation in
            loop.observe { continuation.resume(returning: (done.value, $0)) }
          }
          guard last else { before = activity.arrivalsRun; continue }
          #expect(seen == (round + 1) * 300 && activity.arrivalsWaiting == 0)
          // Nothing but the observation itself.
          #expect(activity.arrivalsRun - (before ?? 0) == LoopActivity.jobsPerObservation)
        }
      }
      await harness.stop()
    }

    @Test func workForALoopThatHasEndedIsLetGo() async throws {
      final class Witness: Sendable {
        let isGone: Atomic<Bool>
        init() { isGone = Atomic(false) }
      }
      final class Luggage: Sendable {
        let witness: Witness
        init(_ witness: Witness) { self.witness = witness }
        deinit { witness.isGone.store(true, ordering: .relaxed) }
      }
      let harness = try Harness()
      await harness.stop()
      let witness = Witness()
      let luggage = Luggage(witness)
      harness.loops[0].submit { [luggage] in _ = luggage }
      _ = consume luggage
      let isGone = witness.isGone.load(ordering: .relaxed)
      #expect(isGone)
    }
  }
}
