import BongsuRooms
import Testing

/// Puts whole calls of other loops between the steps of a call: before the `n`-th step from the start of the run.
///
/// A later intrusion may fall into an earlier one, so two of them cover both "twice into the first call" and
/// "into the call that came into the first one". Everything happens on one thread and is the same every time.
final class Intruder: RoomTableSteps, @unchecked Sendable {
  private var steps = 0
  private var intrusions: [(before: Int, call: () -> Void)] = []
  private let hash: @Sendable (RoomKey) -> UInt64
  private(set) var seen: Set<RoomTableStep> = []

  init(hash: @escaping @Sendable (RoomKey) -> UInt64) {
    self.hash = hash
  }

  func schedule(_ intrusions: [(before: Int, call: () -> Void)]) {
    steps = 0
    self.intrusions = intrusions
  }

  func willTake(_ step: RoomTableStep) {
    seen.insert(step)
    defer { steps += 1 }
    if let first = intrusions.first, first.before == steps {
      intrusions.removeFirst()
      first.call()
    }
  }

  func hash(of key: RoomKey) -> UInt64? { hash(key) }

  /// Makes the calls that have not found their step; says how many there were.
  func finish() -> Int {
    let rest = intrusions
    intrusions = []
    for intrusion in rest {
      intrusion.call()
    }
    return rest.count
  }
}

/// A state and three calls by three different loops.
struct Scenario: CustomStringConvertible, Sendable {
  enum Call: Sendable {
    case join(String)
    case leave(String)
    case joinBoth(String, String)
    case flap(String)
    case look(String, LoopSet)
    case turns
  }

  let description: String
  var before: [(String, LoopSet)] = []
  let calls: [Call]
  let after: [String: LoopSet]
  var hash: @Sendable (RoomKey) -> UInt64 = { _ in 0 }

  typealias Table = RoomTableCore<Intruder>

  /// Makes the calls with the second before step `first` and the third before step `second`.
  /// Returns how many of them came too late to intrude, and which steps were taken.
  func run(_ first: Int, _ second: Int) -> (late: Int, steps: Set<RoomTableStep>) {
    let intruder = Intruder(hash: hash)
    let table = Table(loops: 8, steps: intruder)
    for (name, loops) in before {
      for loop in loops { table.join(room(name), loop: loop) }
    }
    for loop in 0..<8 { table.quiesce(loop: loop) }
    let calls = self.calls
    intruder.schedule([
      (first, { Scenario.make(calls[1], table, 1) }), (second, { Scenario.make(calls[2], table, 2) }),
    ])
    Scenario.make(calls[0], table, 0)
    let late = intruder.finish()
    check(table, "\(description), \(first)/\(second)")
    return (late, intruder.seen)
  }

  private static func make(_ call: Call, _ table: Table, _ loop: Int) {
    switch call {
    case .join(let name): table.join(room(name), loop: loop)
    case .leave(let name): table.leave(room(name), loop: loop)
    case .joinBoth(let name, let other):
      table.join(room(name), loop: loop)
      table.join(room(other), loop: loop)
    case .flap(let name):
      table.join(room(name), loop: loop)
      table.leave(room(name), loop: loop)
      table.quiesce(loop: loop)
    case .look(let name, let loops):
      let found = table.loops(of: room(name), loop: loop)
      #expect(found.rawValue & loops.rawValue == loops.rawValue)
    case .turns:
      for _ in 0..<4 {
        _ = table.loops(of: room("nowhere"), loop: loop)
        table.quiesce(loop: loop)
      }
    }
  }

  private func check(_ table: Table, _ run: String) {
    #expect(table.violation() == nil, "\(run)")
    for (name, loops) in after {
      #expect(table.loops(of: room(name), loop: 7) == loops, "\(name) in \(run)")
    }
    for name in Set(after.keys).union(before.map(\.0)) {
      for loop in 0..<8 { table.leave(room(name), loop: loop) }
    }
    for _ in 0..<2 {
      for loop in 0..<8 { table.quiesce(loop: loop) }
    }
    #expect(table.violation() == nil, "\(run), emptied")
    #expect(table.census.live == 0 && table.census.retired == 0, "\(run), emptied")
  }
}
