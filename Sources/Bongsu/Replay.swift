/// What a client that is back has missed, as far as its namespace's log has been read.
struct Replay: Sendable {
  enum Progress {
    case goesOn, isComplete
    /// Something was dropped, or it is more than one client may be sent.
    case isLost
  }

  static var packetsPerReading: Int { 512 }

  let history: SessionHistory
  private(set) var packets: [KeptPacket] = []
  private(set) var byteCount = 0
  /// The log was read up to here; nil before.
  private(set) var position: UInt64?

  init(_ history: SessionHistory) { self.history = history }

  /// - Parameter position: that in front of the first of these packets, which stand one behind the other.
  mutating func add(_ read: [KeptPacket], after position: UInt64) {
    for packet in read where history.includes(packet) {
      packets.append(packet)
      byteCount += packet.byteCount
    }
    self.position = position + UInt64(read.count)
  }
}
