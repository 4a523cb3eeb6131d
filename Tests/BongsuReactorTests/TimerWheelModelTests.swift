import BongsuBytes
import Testing

@testable import BongsuReactor

@Suite struct TimerWheelModelTests {
  /// The obvious implementation: a list of who is due when, in slots.
  private struct Model {
    var entries: [(number: Int, id: TimerID, tick: Int64)] = []
    var position: Int64 = 0
    let width: Int64

    mutating func advance(to now: Int64) -> [(number: Int, tick: Int64)] {
      position = max(position, now / width)
      let due = entries.filter { $0.tick <= position }
      entries.removeAll { $0.tick <= position }
      return due.map { ($0.number, $0.tick) }
    }
  }

  @Test(arguments: 1...8, [0, 3]) func agreesWithAList(seed: UInt64, slotBits: Int64) {
    let width: Int64 = 1 << slotBits
    var generator = SeededGenerator(seed: seed)
    var wheel = TimerWheel<Int>(now: MonotonicTime(milliseconds: 0), slotBits: slotBits)
    var model = Model(width: width)
    var past: [TimerID] = []
    var now: Int64 = 0
    for number in 0..<5_000 {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<5:
        let far = Int.random(in: 0..<10, using: &generator) == 0
        let deadline = now + Int64.random(in: far ? 0...200_000 : -20...2_000, using: &generator)
        let id = wheel.schedule(number, at: MonotonicTime(milliseconds: deadline))
        model.entries.append((number, id, max(model.position + 1, (max(0, deadline) + width - 1) / width)))
      case 5..<7:
        guard let index = model.entries.indices.randomElement(using: &generator) else { break }
        let gone = model.entries.remove(at: index)
        wheel.cancel(gone.id)
        past.append(gone.id)
      case 7: if let id = past.randomElement(using: &generator) { wheel.cancel(id) }
      default:
        let step = Int64.random(in: 0..<100, using: &generator)
        now += step == 0 ? 150_000 : step
        let isWithinALap = now / width - model.position < 8_192
        let due = model.advance(to: now)
        let fired = wheel.advance(to: MonotonicTime(milliseconds: now))
        #expect(fired.sorted() == due.map(\.number).sorted())
        if isWithinALap {
          let ticks = Dictionary(due.map { ($0.number, $0.tick) }) { first, _ in first }
          let order = fired.compactMap { ticks[$0] }
          #expect(order == order.sorted(), "earlier slots come first")
        }
      }
      let next = model.entries.map { $0.tick * width }.min()
      let wakeUp = wheel.delay(from: MonotonicTime(milliseconds: now)).map { now + $0 }
      guard wheel.count == model.entries.count, (wakeUp == nil) == (next == nil), (wakeUp ?? 0) <= max(next ?? 0, now),
        wheel.nextDeadline()?.milliseconds == next
      else {
        Issue.record("step \(number): \(wheel.count) entries, wakes at \(wakeUp ?? -1) for \(next ?? -1)")
        return
      }
    }
  }
}
