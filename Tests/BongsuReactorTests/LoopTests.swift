import BongsuBytes
import BongsuReactor
import Loopback
import NIOCore
import Synchronization
import Testing

extension SocketTests {
  @Suite struct LoopTests {
    @Test func workFromEveryThreadKeepsItsOrder() async throws {
      let harness = try Harness()
      let loop = harness.loops[0]
      let log = Unchecked<[(thread: Int, number: Int)]>([])
      await withTaskGroup { group in
        for thread in 0..<4 {
          group.addTask {
            for number in 0..<5_000 { loop.submit { log.value.append((thread, number)) } }
          }
        }
      }
      let entries = await harness.on { log.value }
      #expect(entries.count == 20_000)
      for thread in 0..<4 { #expect(entries.filter { $0.thread == thread }.map(\.number) == Array(0..<5_000)) }
      await harness.stop()
    }

    @Test func ownWorkWaitsForTheEndOfTheTurn() async throws {
      let harness = try Harness()
      let loop = harness.loops[0]
      let log = Unchecked<[String]>([])
      await harness.on {
        loop.submit {
          log.value.append("second")
          loop.submit { log.value.append("third") }
        }
        log.value.append("first")
      }
      #expect(await harness.on { log.value } == ["first", "second", "third"])
      await harness.stop()
    }

    @Test func workThatNeverEndsDoesNotKeepSocketsWaiting() async throws {
      let heard = Unchecked(false)
      let handler = Handler { _, _ in heard.value = true }
      let harness = try Harness { handler.attach($0) }
      let loop = harness.loops[0]
      @Sendable func again() {
        loop.submit { if !heard.value { again() } }
      }
      again()
      let client = try harness.connect()
      client.send("x")
      #expect(await eventually { await harness.on { heard.value } })
      client.finish()
      await harness.stop()
    }

    /// Lets one job a turn have its way.
    private final class Stingy: LoopDelegate, @unchecked Sendable {
      private(set) var turns = 0
      private var hasGiven = false

      func turnEnding(on loop: Loop) {}
      func arrivalsBegin(on loop: Loop) { (turns, hasGiven) = (turns + 1, false) }
      func mayGoOn(on loop: Loop) -> Bool {
        defer { hasGiven = true }
        return !hasGiven
      }
      func connectionClosed(on loop: Loop) {}
      func loopEnding(on loop: Loop) {}
    }

    @Test func whatIsTooMuchForOneTurnComesWithTheNext() async throws {
      let harness = try Harness()
      let loop = harness.loops[0]
      let (stingy, done) = (Stingy(), Unchecked<[Int]>([]))
      await harness.on { loop.delegate = stingy }
      for number in 0..<20 { loop.submit { done.value.append(number) } }
      let (order, turns) = await harness.on { (done.value, stingy.turns) }
      #expect(order == Array(0..<20) && turns >= 20)
      await harness.stop()
    }

    @Test func everyLoopKnowsItself() async throws {
      let harness = try Harness(loops: 2)
      #expect(Loop.current == nil && !harness.loops[0].isCurrent)
      #expect(await harness.on(1) { Loop.current === harness.loops[1] && harness.loops[1].isCurrent })
      #expect(await harness.on(1) { !harness.loops[0].isCurrent })
      #expect(harness.loops.map(\.index) == [0, 1])
      await harness.stop()
    }

    @Test func asyncWorkRunsOnTheLoopThatItPrefers() async throws {
      let harness = try Harness()
      let loop = harness.loops[0]
      let isOnLoop = await Task(executorPreference: loop) {
        let before = loop.isCurrent
        await Task.yield()
        return before && loop.isCurrent
      }.value
      #expect(isOnLoop)
      await harness.stop()
    }

    @Test func deadlinesComeOnceAndCanBeMoved() async throws {
      let handlers = (0..<4).map { _ in Handler() }
      let accepted = Unchecked(0)
      let harness = try Harness(givenTime: MonotonicTime(milliseconds: 0)) { connection in
        let handler = handlers[accepted.value]
        accepted.value += 1
        handler.attach(connection)
        connection.setDeadline(connection.loop.now + .milliseconds(60_000))
      }
      let clients = try handlers.map { _ in try harness.connect() }
      #expect(await eventually { handlers.allSatisfy { !$0.log.isEmpty } })
      await harness.on {
        let loop = harness.loops[0]
        for handler in handlers { handler.connection?.setDeadline(loop.now + .milliseconds(20)) }
        handlers[1].connection?.setDeadline(loop.now + .milliseconds(60_000))
        handlers[2].connection?.setDeadline(.never)
        handlers[3].connection?.abort()
        loop.moveTime(to: loop.now + .milliseconds(59_999))
        loop.fireDeadlines()
      }
      let logs = handlers.map(\.log)
      #expect(logs == [["attached", "deadline"], ["attached"], ["attached"], ["attached", "closed"]])
      #expect(clients.count == 4)
      await harness.stop()
    }

    @Test func aGroupEndsWhenItsLastLoopDoes() async throws {
      let group = try #require(LoopGroup(count: 3))
      let exits = Atomic(0)
      let (ending, ended) = AsyncStream.makeStream(of: Void.self)
      group.start {
        exits.add(1, ordering: .relaxed)
        ended.finish()
      }
      group.stop()
      for await _ in ending {}
      #expect(group.loops.count == 3 && exits.load(ordering: .relaxed) == 1)
    }

    @Test func stoppingClosesWhatIsOpen() async throws {
      let handler = Handler()
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect()
      #expect(await eventually { !handler.log.isEmpty })
      await harness.stop()
      #expect(handler.log == ["attached", "closed"])
      #expect(client.receiveToEnd() == ([], .end))
      #expect(throws: LoopbackError.self) { try harness.connect() }
    }

    @Test func workForALoopThatHasEndedIsDropped() async {
      await #expect(processExitsWith: .success) {
        for _ in 0..<20 {
          let harness = try Harness(loops: 2)
          await harness.stop()
          let isRun = Unchecked(false)
          for loop in harness.loops {
            loop.submit { isRun.value = true }
            loop.stop()
          }
          #expect(!isRun.value)
        }
      }
    }
  }
}
