/// What a client that is back has missed, as far as its namespace's log has been read.
struct Replay: Sendable {
  enum Progress {
    case goesOn, isComplete
    /// Something was dropped, or it is more than one client may be sent.
    case isLost
  }

  // A reading takes less than a millisecond: others wait for it, for the lock or for the loop.
  private static var packetsPerReading: Int { 512 }
  private static var namesPerReading: Int { 4_096 }

  /// Packets that stand one behind the other in the log.
  struct Reading {
    /// The position in front of the first.
    let start: UInt64
    let packets: [KeptPacket]
    /// Nothing stood behind them.
    let isLast: Bool

    /// Nil when something behind `start` was dropped.
    init?(_ log: PacketLog, after start: UInt64) {
      guard let packets = log.packets(after: start, maximum: packetsPerReading, names: namesPerReading) else {
        return nil
      }
      self.start = start
      self.packets = packets
      isLast = start + UInt64(packets.count) >= log.last
    }
  }

  let history: SessionHistory
  private(set) var packets: [KeptPacket] = []
  private(set) var byteCount = 0
  /// The log was read up to here; nil before.
  private(set) var position: UInt64?

  init(_ history: SessionHistory) { self.history = history }

  mutating func add(_ reading: Reading) {
    for packet in reading.packets where history.includes(packet) {
      packets.append(packet)
      byteCount += packet.byteCount
    }
    position = reading.start + UInt64(reading.packets.count)
  }
}
