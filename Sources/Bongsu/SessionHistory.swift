internal import BongsuRooms

/// What a client may have been sent since it came, in positions of its namespace's log: as much as is needed to say
/// what it has missed, or that this cannot be said.
struct SessionHistory: Sendable {
  /// The room of its own.
  let sid: String
  /// The client needs nothing up to here: it was not there yet, or has said that it knows it.
  private(set) var start: UInt64
  /// What was appended up to here was delivered while the client was connected.
  var end: UInt64 = 0
  var sent = SentPositions()
  /// The rooms it is in, and since when; its own is not among them.
  private var rooms: [RoomName: UInt64] = [:]
  private(set) var former = FormerRooms()

  init(sid: String, start: UInt64) {
    self.sid = sid
    self.start = start
  }

  /// What it costs, about.
  var byteCount: Int { rooms.keys.reduce(0) { $0 + $1.text.utf8.count + 64 } + former.byteCount }

  /// Whether the client was sent anything behind what it knows.
  var wasSentSomething: Bool { sent.last > start }

  // MARK: Rooms

  mutating func joined(_ room: String, at position: UInt64) {
    let room = RoomName(room)
    if rooms[room] == nil { rooms[room] = position }
  }

  /// - Parameter limit: rooms left before that are remembered; half of them go when there are more.
  mutating func left(_ room: String, at position: UInt64, limit: Int) {
    let room = RoomName(room)
    guard let from = rooms.removeValue(forKey: room), from < position else { return }
    former.add(room, from: from, until: position, limit: limit)
  }

  /// Whether the client was in the room when this was appended.
  private func wasIn(_ room: RoomName, at position: UInt64) -> Bool {
    if let from = rooms[room], from < position { return true }
    return former.contain(room, at: position) || room == RoomName(sid)
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
    return position + 1 >= first && position >= former.forgotten ? position : nil
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
