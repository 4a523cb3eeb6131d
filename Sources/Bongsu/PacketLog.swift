internal import BongsuBytes
internal import NIOCore

/// A namespace's events of the recent past, oldest first, each at a position of its own: a value, told the time.
struct PacketLog {
  private struct Entry {
    let packet: KeptPacket
    /// `never` until somebody knows what time it is.
    var time: MonotonicTime
  }

  /// How long a packet is kept at most.
  private let time: Duration
  private let bytes: Int
  private let count: Int
  private let hash: SipHash
  /// The newest position that was given out.
  private(set) var last: UInt64 = 0
  /// What is kept costs.
  private(set) var byteCount = 0
  private var entries: CircularBuffer<Entry> = []
  /// How many of the newest entries have no time.
  private var untimed = 0

  /// - Parameter key: for signatures of offsets; random.
  init(key: (UInt64, UInt64), time: Duration, bytes: Int, count: Int) {
    hash = SipHash(key: key)
    self.time = time
    self.bytes = bytes
    self.count = count
  }

  /// The oldest position that is kept; behind the newest when none is.
  var first: UInt64 { last + 1 - UInt64(entries.count) }

  /// When the oldest packet will be dropped.
  var expiry: MonotonicTime { entries.first.map { $0.time + time } ?? .never }

  /// Keeps a packet and gives it its position.
  mutating func append(_ message: Message, to target: Target, now: MonotonicTime?) -> KeptPacket {
    last += 1
    let packet = KeptPacket(message, to: target, at: offset(at: last))
    if now == nil { untimed += 1 }
    entries.append(Entry(packet: packet, time: now ?? .never))
    byteCount += packet.byteCount
    if let now { trim(now: now) }
    while byteCount > bytes || entries.count > count { dropFirst() }
    return packet
  }

  /// Drops what is too old.
  mutating func trim(now: MonotonicTime) {
    if untimed > 0 {
      for index in entries.indices.suffix(untimed) where entries[index].time == .never { entries[index].time = now }
      untimed = 0
    }
    while let entry = entries.first, entry.time + time <= now { dropFirst() }
    // A buffer keeps the room of its largest day.
    if entries.isEmpty { entries = [] }
  }

  private mutating func dropFirst() {
    byteCount -= entries.removeFirst().packet.byteCount
    untimed = min(untimed, entries.count)
  }

  private func offset(at position: UInt64) -> PacketOffset {
    PacketOffset(position: position, signature: hash(position) >> 16)
  }

  /// The position that a client means; nil when this log has not written the offset.
  func position(of text: String) -> UInt64? {
    guard let given = PacketOffset(text), given == offset(at: given.position) else { return nil }
    return given.position
  }

  /// The oldest packets behind a position; nil when some of them were dropped.
  /// - Parameters:
  ///   - maximum: so many at most.
  ///   - names: rooms that they may name together; one packet may name more.
  func packets(after position: UInt64, maximum: Int, names: Int = .max) -> [KeptPacket]? {
    guard position < last else { return [] }
    guard position + 1 >= first else { return nil }
    var packets: [KeptPacket] = []
    var left = names
    for entry in entries.dropFirst(Int(clamping: position + 1 - first)).prefix(maximum) {
      left -= entry.packet.rooms.count + entry.packet.except.count
      if left < 0, !packets.isEmpty { break }
      packets.append(entry.packet)
    }
    return packets
  }
}
