import BongsuRooms
import Foundation
import Synchronization
import Testing

/// The obvious table. `NSLock`, because ThreadSanitizer knows it.
private final class LockedModel: @unchecked Sendable {
  private let lock = NSLock()
  private(set) var rooms: [Int: LoopSet] = [:]

  func change(_ body: (inout [Int: LoopSet]) -> Void) {
    lock.withLock { body(&rooms) }
  }
}

/// All rooms stand in one chain, the one that stays behind all others.
private struct OneChain: RoomTableSteps {
  func willTake(_ step: RoomTableStep) {}
  func hash(of key: RoomKey) -> UInt64? { key.name == "stays" ? 2 : 0 }
}

/// Loops on threads of their own. Meant to be run with `--sanitize=thread` as well.
@Suite struct RoomTableThreadTests {
  /// Runs a body for each loop on a thread, all at once.
  private func withLoops(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let done = DispatchSemaphore(value: 0)
    for loop in 0..<count {
      Thread {
        body(loop)
        done.signal()
      }.start()
    }
    for _ in 0..<count {
      done.wait()
    }
  }

  @Test(arguments: [3, 40, 3000])
  func agreesWithALockedModelWheneverAllLoopsRest(names: Int) {
    let loops = 4
    let table = RoomTable(loops: loops)
    let model = LockedModel()
    for phase in 0..<8 {
      withLoops(loops) { loop in
        var generator = SeededGenerator(seed: UInt64(phase * 64 + loop))
        for _ in 0..<2000 {
          let name = Int.random(in: 0..<names, using: &generator)
          let key = room("room \(name)")
          if generator.chance(50) {
            table.join(key, loop: loop)
            model.change { $0[name, default: .none].insert(loop) }
            if !table.loops(of: key, loop: loop).contains(loop) { Issue.record("a loop misses itself") }
          } else {
            table.leave(key, loop: loop)
            model.change { $0[name, default: .none].remove(loop) }
            if table.loops(of: key, loop: loop).contains(loop) { Issue.record("a loop is still there") }
          }
          if generator.chance(10) { table.quiesce(loop: loop) }
        }
        table.quiesce(loop: loop)
      }
      let expected = model.rooms
      for name in 0..<names {
        #expect(table.loops(of: room("room \(name)"), loop: 0) == expected[name, default: .none])
      }
      table.quiesce(loop: 0)
      #expect(table.census.live == expected.values.count { !$0.isEmpty })
    }
    withLoops(loops) { loop in
      for name in 0..<names { table.leave(room("room \(name)"), loop: loop) }
      table.quiesce(loop: loop)
    }
    for loop in 0..<loops { table.quiesce(loop: loop) }
    #expect(table.census.live == 0 && table.census.retired == 0)
  }

  /// One loop tells the other of each join; the other must see it, whatever comes and goes next to it.
  @Test func aJoinThatWasToldOfIsSeen() {
    let table = RoomTable(loops: 4)
    let told = Atomic<Int>(0)
    let seen = Atomic<Int>(0)
    let turns = 500
    withLoops(4) { loop in
      switch loop {
      case 0:
        for turn in 1...turns {
          table.join(room("told \(turn)"), loop: 0)
          told.store(turn, ordering: .releasing)
          while seen.load(ordering: .acquiring) < turn { sched_yield() }
          table.leave(room("told \(turn)"), loop: 0)
          table.quiesce(loop: 0)
        }
      case 1:
        for turn in 1...turns {
          while told.load(ordering: .acquiring) < turn { sched_yield() }
          if table.loops(of: room("told \(turn)"), loop: 1) != LoopSet(0) { Issue.record("turn \(turn) is not seen") }
          table.quiesce(loop: 1)
          seen.store(turn, ordering: .releasing)
        }
      default:
        var number = 0
        while seen.load(ordering: .relaxed) < turns {
          number += 1
          table.join(room("noise \(number % 50)"), loop: loop)
          table.leave(room("noise \(number % 50)"), loop: loop)
          table.quiesce(loop: loop)
          if number.isMultiple(of: 20) { sched_yield() }
        }
      }
    }
  }

  /// Readers synchronise with nobody but through the table, and most of their time is spent on entries that the
  /// others take out and free.
  @Test func readersNeverMissTheRoomThatStays() {
    let table = RoomTableCore(loops: 4, steps: OneChain())
    let working = Atomic<Int>(2)
    table.join(room("stays"), loop: 3)
    withLoops(4) { loop in
      if loop < 2 {
        for number in 0..<4000 {
          table.join(room("\(number % 16)"), loop: loop)
          table.leave(room("\((number + 4) % 16)"), loop: loop)
          table.quiesce(loop: loop)
        }
        working.subtract(1, ordering: .relaxed)
      } else {
        while working.load(ordering: .relaxed) > 0 {
          for _ in 0..<3 where table.loops(of: room("stays"), loop: loop) != LoopSet(3) {
            Issue.record("a room is missed")
          }
          table.quiesce(loop: loop)
          // As if blocked in poll, while the others free.
          sched_yield()
        }
      }
    }
    #expect(table.violation() == nil)
  }

  @Test func allSixtyFourLoopsShareOneRoom() {
    let table = RoomTable(loops: 64)
    withLoops(64) { loop in
      for _ in 0..<100 {
        table.join(room("a"), loop: loop)
        table.leave(room("a"), loop: loop)
        table.quiesce(loop: loop)
      }
      table.join(room("a"), loop: loop)
      table.quiesce(loop: loop)
    }
    #expect(table.loops(of: room("a"), loop: 0) == LoopSet(rawValue: .max))
    #expect(table.census.live == 1)
  }
}
