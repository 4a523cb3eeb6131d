/// What a client may have been sent since it came, in positions of its namespace's log: as much as is needed to say
/// what it has missed, or that this cannot be said.
struct SessionHistory: Sendable {
  /// A stay in a room: of what was appended after `from`, up to and with `until`, it was sent what went there.
  private struct Stay: Sendable {
    let room: String
    let from: UInt64
    let until: UInt64
  }

  /// The room of its own.
  let sid: String
  /// The client needs nothing up to here: it was not there yet, or has said that it knows it.
  private(set) var start: UInt64
  /// What was appended up to here was delivered while the client was connected.
  var end: UInt64 = 0
  var sent = SentPositions()
  /// The rooms it is in, and since when.
  private(set) var rooms: [String: UInt64] = [:]
  private var former: [Stay] = []
  /// Of the rooms that were left up to here, some may be forgotten.
  private var forgotten: UInt64 = 0

  init(sid: String, start: UInt64) {
    self.sid = sid
    self.start = start
  }

  /// What it costs, about.
  var byteCount: Int {
    let names = rooms.keys.reduce(0) { $0 + $1.utf8.count } + former.reduce(0) { $0 + $1.room.utf8.count }
    return names + (rooms.count + former.count) * 64
  }

  // MARK: Rooms

  mutating func joined(_ room: String, at position: UInt64) {
    if rooms[room] == nil { rooms[room] = position }
  }

  /// - Parameter limit: rooms left before that are remembered; half of them go when there are more.
  mutating func left(_ room: String, at position: UInt64, limit: Int) {
    guard let from = rooms.removeValue(forKey: room), from < position else { return }
    former.append(Stay(room: room, from: from, until: position))
    guard former.count > limit else { return }
    let excess = former.count - limit / 2
    // They are in the order of their ends.
    forgotten = former[excess - 1].until
    former.removeFirst(excess)
  }

  /// Whether the client was in the room when this was appended.
  private func wasIn(_ room: String, at position: UInt64) -> Bool {
    if room == sid { return true }
    if let from = rooms[room], from < position { return true }
    return former.contains { $0.room == room && $0.from < position && position <= $0.until }
  }

  /// Whether a packet was for this client.
  func includes(_ packet: KeptPacket) -> Bool {
    let position = packet.position
    guard position > start else { return false }
    let isMeant = packet.rooms.isEmpty || packet.rooms.contains { wasIn($0, at: position) }
    return isMeant && !packet.except.contains { wasIn($0, at: position) }
  }

  // MARK: Coming back

  /// The client knows everything up to this position.
  mutating func knows(_ position: UInt64) { start = max(start, position) }

  /// The position after which the client has to be sent what was for it; nil when this was dropped, or cannot be said.
  /// - Parameter first: the oldest position that is kept.
  func replayStart(first: UInt64) -> UInt64? {
    let position: UInt64
    if start >= sent.last {
      // Nothing was lost on its way, however long ago that was.
      position = max(start, end)
    } else {
      guard sent.areKept(after: start, first: first) else { return nil }
      position = max(start, first - 1)
    }
    return position + 1 >= first && position >= forgotten ? position : nil
  }
}

/// Where in the log a client's packets stand: not each of them, but enough to tell that none was dropped.
struct SentPositions: Sendable {
  /// The newest.
  private(set) var last: UInt64 = 0
  /// There is none between these two.
  private var settled: UInt64 = 0
  private var next: UInt64 = 0

  /// The client is sent a packet.
  /// - Parameter first: the oldest position that is kept, or an older one.
  mutating func add(_ position: UInt64, first: UInt64) {
    if last < first { (settled, next) = (last, position) }
    last = position
  }

  /// Whether all packets behind `position` are still in a log whose oldest is `first`.
  func areKept(after position: UInt64, first: UInt64) -> Bool {
    position >= last || position + 1 >= first || position >= settled && next >= first
  }
}
