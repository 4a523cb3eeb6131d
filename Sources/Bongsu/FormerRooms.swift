internal import BongsuRooms

/// The rooms that a client has left, and when it was in each: a packet may name very many rooms, so none of them is
/// searched for.
struct FormerRooms: Sendable {
  /// Of what was appended after `from`, up to and with `until`, the client was sent what went to the room.
  private struct Stay: Sendable {
    let from: UInt64
    let until: UInt64
  }

  /// One after the other, in the order of the log.
  private var stays: [RoomName: [Stay]] = [:]
  private var count = 0
  /// Of the rooms that were left up to here, some may be forgotten.
  private(set) var forgotten: UInt64 = 0

  /// What they cost, about.
  var byteCount: Int { stays.reduce(0) { $0 + ($1.key.text.utf8.count + 64) * $1.value.count } }

  /// - Parameter limit: so many stays are remembered; half of them go when there are more.
  mutating func add(_ room: RoomName, from: UInt64, until: UInt64, limit: Int) {
    stays[room, default: []].append(Stay(from: from, until: until))
    count += 1
    if count > limit { forget(count - limit / 2) }
  }

  /// Forgets so many of those that ended first, with what ended together with them.
  private mutating func forget(_ excess: Int) {
    let ends = stays.values.flatMap { $0.map(\.until) }.sorted()
    forgotten = ends[excess - 1]
    stays = stays.compactMapValues { [forgotten] stays in
      let kept = stays.filter { $0.until > forgotten }
      return kept.isEmpty ? nil : kept
    }
    count = stays.values.reduce(0) { $0 + $1.count }
  }

  /// Whether the client was in the room when this was appended.
  func contain(_ room: RoomName, at position: UInt64) -> Bool {
    guard let stays = stays[room] else { return false }
    // The first that had not ended then.
    var (low, high) = (0, stays.count)
    while low < high {
      let middle = low + (high - low) / 2
      if stays[middle].until < position { low = middle + 1 } else { high = middle }
    }
    return low < stays.count && stays[low].from < position
  }
}
