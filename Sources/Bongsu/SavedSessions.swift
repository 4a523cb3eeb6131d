internal import BongsuBytes
internal import NIOCore

/// What clients had that have lost their connections, by their private ids: a value, told the time.
struct SavedSessions {
  private struct Entry {
    let session: SavedSession
    let expiry: MonotonicTime
    let byteCount: Int
    let number: UInt64
  }

  /// What a session takes besides the names of its rooms.
  private static var overhead: Int { 720 }

  private let time: Duration
  private let bytes: Int
  private let count: Int
  private var entries: [String: Entry] = [:]
  /// Oldest first. Those that have come back since are still here, under a number that is not theirs any more.
  private var order: CircularBuffer<(pid: String, number: UInt64, expiry: MonotonicTime)> = []
  /// The same by what they cost: in each of these between a power of two and the next.
  private var byCost: [Int: CircularBuffer<(pid: String, number: UInt64)>] = [:]
  /// In all of these.
  private var byCostCount = 0
  private var saved: UInt64 = 0
  private(set) var byteCount = 0

  init(time: Duration, bytes: Int, count: Int) {
    self.time = time
    self.bytes = bytes
    self.count = count
  }

  var isEmpty: Bool { entries.isEmpty }
  /// For tests.
  var orderCount: Int { max(order.count, byCostCount) }

  /// When the oldest session will be dropped.
  var expiry: MonotonicTime { order.first?.expiry ?? .never }

  mutating func save(_ session: SavedSession, now: MonotonicTime) {
    _ = remove(session.pid)
    saved += 1
    let cost = session.rooms.reduce(Self.overhead) { $0 + $1.utf8.count + 64 } + (session.history?.byteCount ?? 0)
    let entry = Entry(session: session, expiry: now + time, byteCount: cost, number: saved)
    entries[session.pid] = entry
    order.append((session.pid, entry.number, entry.expiry))
    byCost[Self.rank(cost), default: []].append((session.pid, entry.number))
    byCostCount += 1
    byteCount += cost
    while byteCount > bytes, dropMostExpensive() {}
    while entries.count > count { dropFirst() }
    tidy()
    expire(now: now)
  }

  /// What was kept of a session, which is not kept any longer.
  mutating func take(_ pid: String, now: MonotonicTime) -> SavedSession? {
    expire(now: now)
    return remove(pid)
  }

  mutating func expire(now: MonotonicTime) {
    while let oldest = order.first, oldest.expiry <= now { dropFirst() }
    if entries.isEmpty {
      (entries, order) = ([:], [])
      (byCost, byCostCount) = ([:], 0)
    }
  }

  private static func rank(_ cost: Int) -> Int { Int.bitWidth - 1 - max(cost, 1).leadingZeroBitCount }

  /// Forgets where those stood that have come back.
  private mutating func tidy() {
    guard orderCount > 2 * entries.count + 64 else { return }
    order = order.filter { entries[$0.pid]?.number == $0.number }
    byCost = byCost.compactMapValues { [entries] sessions in
      let kept = sessions.filter { entries[$0.pid]?.number == $0.number }
      return kept.isEmpty ? nil : kept
    }
    byCostCount = byCost.values.reduce(0) { $0 + $1.count }
  }

  private mutating func remove(_ pid: String) -> SavedSession? {
    guard let entry = entries.removeValue(forKey: pid) else { return nil }
    byteCount -= entry.byteCount
    return entry.session
  }

  /// Whoever is in very many rooms, and comes again and again, drives out its like, and not those who cost little.
  private mutating func dropMostExpensive() -> Bool {
    guard let rank = byCost.keys.max(), let dearest = byCost[rank]?.popFirst() else { return false }
    if byCost[rank]?.isEmpty == true { byCost[rank] = nil }
    byCostCount -= 1
    if entries[dearest.pid]?.number == dearest.number { _ = remove(dearest.pid) }
    return true
  }

  private mutating func dropFirst() {
    guard let oldest = order.popFirst(), entries[oldest.pid]?.number == oldest.number else { return }
    _ = remove(oldest.pid)
  }
}

extension CircularBuffer {
  fileprivate func filter(_ isIncluded: (Element) -> Bool) -> CircularBuffer {
    var kept = CircularBuffer()
    for element in self where isIncluded(element) { kept.append(element) }
    return kept
  }
}
