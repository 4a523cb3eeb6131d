import Synchronization
import Testing

@testable import BongsuReactor

@Suite struct InboxTests {
  /// What the jobs of one test write down; only the thread that drains touches it.
  private final class Log: @unchecked Sendable {
    var entries: [(producer: Int, number: Int)] = []
  }

  private func run(_ jobs: [Job]) {
    for case .call(let call) in jobs { call() }
  }

  @Test func anInboxKeepsTheOrder() {
    let (inbox, log) = (Inbox(), Log())
    for number in 0..<100 { _ = inbox.push(.call { log.entries.append((0, number)) }) }
    run(inbox.drain())
    #expect(log.entries.map(\.number) == Array(0..<100))
    #expect(inbox.drain().isEmpty)
  }

  @Test func onlyTheFirstPushAsksForAWakeUp() {
    let inbox = Inbox()
    #expect(inbox.push(.call {}) && !inbox.push(.call {}) && !inbox.push(.call {}))
    #expect(inbox.drain().count == 3)
    #expect(inbox.push(.call {}))
  }

  @Test func whatIsLeftIsReleasedWithTheInbox() {
    final class Witness: Sendable {}
    weak var witness: Witness?
    do {
      let inbox = Inbox()
      let held = Witness()
      witness = held
      for _ in 0..<3 { _ = inbox.push(.call { _ = held }) }
    }
    #expect(witness == nil)
  }

  @Test func manyProducersLoseNothingAndEachKeepsItsOrder() async {
    let (producers, pushes) = (4, 20_000)
    let (inbox, log, progress) = (Inbox(), Log(), Progress())
    let pushing = (0..<producers).map { producer in
      Task.detached {
        for number in 0..<pushes {
          let isFirst = inbox.push(.call { log.entries.append((producer, number)) })
          if isFirst { progress.wakeUps.add(1, ordering: .relaxed) }
        }
        progress.finished.add(1, ordering: .releasing)
      }
    }
    var drains = 0
    while progress.finished.load(ordering: .acquiring) < producers {
      let jobs = inbox.drain()
      if !jobs.isEmpty { drains += 1 }
      run(jobs)
      await Task.yield()
    }
    for task in pushing { await task.value }
    let rest = inbox.drain()
    run(rest)
    // Whoever found the inbox empty woke the loop, and nobody else did.
    #expect(progress.wakeUps.load(ordering: .relaxed) == drains + (rest.isEmpty ? 0 : 1))
    #expect(log.entries.count == producers * pushes)
    for producer in 0..<producers {
      #expect(log.entries.filter { $0.producer == producer }.map(\.number) == Array(0..<pushes))
    }
  }

  private final class Progress: Sendable {
    let finished = Atomic(0)
    let wakeUps = Atomic(0)
  }
}
