/// Two ways to do the same, timed in turns so that both meet the same noise.
struct Contest {
  private static let rounds = 401
  /// How many bytes each way works on in one round: short ones find a moment when nobody else needs the core.
  private static let bytesPerRound = 1 << 18

  let name: String
  let byteCount: Int
  /// How often each way deals with so many bytes when it is called.
  var callsEach = 1
  let ours: () -> Void
  let rival: String
  let theirs: () -> Void

  /// A line of the table: the fastest round of each, which is the one that was disturbed least.
  func line() -> String {
    let calls = min(1_000, max(1, Self.bytesPerRound / byteCount / callsEach))
    var best = (ours: Double.infinity, theirs: Double.infinity)
    for _ in 0..<Self.rounds {
      best.ours = min(best.ours, seconds(calls, ours))
      best.theirs = min(best.theirs, seconds(calls, theirs))
    }
    let figures = [best.ours, best.theirs].map { seconds in
      let nanoseconds = seconds / Double(calls * callsEach) * 1e9
      return column("\(rounded(nanoseconds)) ns", 12) + column("\(rounded(Double(byteCount) / nanoseconds)) GB/s", 12)
    }
    let ratio = column("\(rounded(best.theirs / best.ours))×", 8)
    return name.padded(to: 26) + figures[0] + "   " + rival.padded(to: 20) + figures[1] + ratio
  }

  static var header: String {
    "".padded(to: 26) + column("Bongsu", 24) + "   " + "against".padded(to: 44) + column("faster", 8)
  }
}

private func seconds(_ calls: Int, _ body: () -> Void) -> Double {
  let duration = ContinuousClock().measure { for _ in 0..<calls { body() } }
  return Double(duration.components.attoseconds) / 1e18 + Double(duration.components.seconds)
}

private func rounded(_ number: Double) -> String {
  number < 100 ? "\((number * 100).rounded() / 100)" : "\(Int(number))"
}

private func column(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
