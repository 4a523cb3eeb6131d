/// Ids by which pages come back that have shown a password. For one thread at a time.
struct AdminSessions {
  private let time: Duration
  private let limit: Int
  private var ends: [String: ContinuousClock.Instant] = [:]
  /// Ids in the order in which they end.
  private var order: [String] = []

  init(time: Duration, limit: Int) {
    self.time = time
    self.limit = max(1, limit)
  }

  func contains(_ id: String, now: ContinuousClock.Instant) -> Bool { ends[id].map { now < $0 } ?? false }

  /// A new id, which nobody can guess.
  mutating func open(now: ContinuousClock.Instant) -> String {
    // All live equally long, so the oldest is the first to end.
    let outdated = order.prefix { ends[$0].map { $0 <= now } ?? true }.count
    let surplus = max(outdated, order.count + 1 - limit)
    for id in order.prefix(surplus) { ends[id] = nil }
    order.removeFirst(surplus)
    var generator = SystemRandomNumberGenerator()
    let id = (0..<2).map { _ in Self.hexadecimal(generator.next()) }.joined()
    ends[id] = now + time
    order.append(id)
    return id
  }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
