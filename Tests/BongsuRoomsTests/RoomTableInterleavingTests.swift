import BongsuRooms
import Testing

/// Every scenario with the second and the third call before every pair of steps.
@Suite struct RoomTableInterleavingTests {
  @Test(arguments: joining + removing + growing)
  func endsRightWhereverOtherLoopsComeIn(scenario: Scenario) {
    var runs = 0
    first: for first in 0... {
      for second in (first + 1)... {
        let late = scenario.run(first, second).late
        runs += 1
        if late == 2 { break first }
        if late == 1 { break }
      }
    }
    #expect(runs > 3)
  }

  @Test func theScenariosTakeEveryStep() {
    var steps: Set<RoomTableStep> = []
    for scenario in Self.joining + Self.removing + Self.growing {
      for first in 0..<30 {
        steps.formUnion(scenario.run(first, first + 3).steps)
      }
    }
    #expect(steps == Set(RoomTableStep.allCases))
  }

  static let joining = [
    Scenario(
      description: "a join meets the leave that closes", before: [("a", LoopSet(0))],
      calls: [.leave("a"), .join("a"), .join("a")], after: ["a": LoopSet(rawValue: 0b110)]),
    Scenario(
      description: "the leave that closes meets a join", before: [("a", LoopSet(1)), ("b", LoopSet(3))],
      calls: [.join("a"), .leave("a"), .join("a")], after: ["a": LoopSet(rawValue: 0b101), "b": LoopSet(3)]),
    Scenario(
      description: "two closings of the same room", before: [("a", LoopSet(1))],
      calls: [.join("a"), .leave("a"), .flap("a")], after: ["a": LoopSet(0)]),
    Scenario(
      description: "three joins of a new room",
      calls: [.join("a"), .join("a"), .join("a")], after: ["a": LoopSet(rawValue: 0b111)]),
    Scenario(
      description: "two leaves and a join", before: [("a", LoopSet(rawValue: 0b11))],
      calls: [.leave("a"), .leave("a"), .join("a")], after: ["a": LoopSet(2)]),
    Scenario(
      description: "a room comes and goes under a join", before: [("b", LoopSet(3))],
      calls: [.join("a"), .flap("a"), .flap("a")], after: ["a": LoopSet(0), "b": LoopSet(3)]),
  ]

  static let removing = [
    Scenario(
      description: "insertions behind an entry that goes", before: [("a", LoopSet(0))],
      calls: [.leave("a"), .join("b"), .join("c")], after: ["a": .none, "b": LoopSet(1), "c": LoopSet(2)]),
    Scenario(
      description: "an entry goes where one comes in", before: [("a", LoopSet(1)), ("b", LoopSet(2))],
      calls: [.join("c"), .leave("a"), .leave("b")], after: ["a": .none, "b": .none, "c": LoopSet(0)]),
    Scenario(
      description: "neighbours go", before: [("a", LoopSet(1)), ("b", LoopSet(0)), ("c", LoopSet(2))],
      calls: [.leave("b"), .leave("a"), .leave("c")], after: ["a": .none, "b": .none, "c": .none]),
    Scenario(
      description: "neighbours go under a reader",
      before: [("a", LoopSet(1)), ("b", LoopSet(2)), ("c", LoopSet(3))],
      calls: [.look("c", LoopSet(3)), .leave("a"), .leave("b")],
      after: ["a": .none, "b": .none, "c": LoopSet(3)]),
    Scenario(
      description: "turns end while a reader walks", before: [("a", LoopSet(1)), ("c", LoopSet(3))],
      calls: [.look("c", LoopSet(3)), .flap("b"), .turns], after: ["a": LoopSet(1), "c": LoopSet(3)]),
    Scenario(
      description: "a leave under a reader is freed only after it", before: [("a", LoopSet(1)), ("c", LoopSet(3))],
      calls: [.look("c", LoopSet(3)), .leave("a"), .turns], after: ["a": .none, "c": LoopSet(3)]),
    Scenario(
      description: "two loops free", before: [("c", LoopSet(3))],
      calls: [.flap("a"), .flap("b"), .turns], after: ["c": LoopSet(3)]),
  ]

  /// Rooms are called by number and stand in that order, 64 of them over the whole range.
  private static let spread: @Sendable (RoomKey) -> UInt64 = { key in (key.name.flatMap(UInt64.init) ?? 0) << 55 }

  /// The next room of loop 0 after these is its 72nd, and lets the table grow.
  private static let crowd = (0..<71).map { ("\($0 * 4)", LoopSet(0)) }

  static let growing = [
    Scenario(
      description: "two loops open a signpost",
      calls: [.join("257"), .join("258"), .join("256")],
      after: ["256": LoopSet(2), "257": LoopSet(0), "258": LoopSet(1)], hash: spread),
    Scenario(
      description: "two loops open a signpost and the one before it", before: [("130", LoopSet(3))],
      calls: [.join("401"), .join("385"), .look("130", LoopSet(3))],
      after: ["401": LoopSet(0), "385": LoopSet(1), "130": LoopSet(3)], hash: spread),
    Scenario(
      description: "the table grows under a join and a leave", before: crowd + [("9", LoopSet(2))],
      calls: [.joinBoth("11", "13"), .join("10"), .leave("9")],
      after: ["13": LoopSet(0), "9": .none, "10": LoopSet(1), "11": LoopSet(0), "8": LoopSet(0), "12": LoopSet(0)],
      hash: spread),
    Scenario(
      description: "the table grows under a reader", before: crowd + [("25", LoopSet(3))],
      calls: [.joinBoth("11", "27"), .look("25", LoopSet(3)), .join("26")],
      after: ["27": LoopSet(0), "25": LoopSet(3), "26": LoopSet(2), "11": LoopSet(0)], hash: spread),
  ]
}
