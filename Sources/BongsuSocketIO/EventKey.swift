/// An event's name as its bytes, made to be compared: every event is looked for among the names that have handlers.
///
/// Two names are equal when their bytes are: `String` takes a composed é and a decomposed one for the same, and clients
/// do not.
public struct EventKey: Hashable, Sendable {
  private let count: Int
  /// The first sixteen bytes, which for nearly all names is all of them.
  private let head: UInt128
  private let tail: [UInt8]

  public init(_ name: String) {
    // A UInt8 has no padding that its bytes could show.
    unsafe self.init(name.utf8.span.bytes)
  }

  init(_ name: RawSpan) {
    count = name.byteCount
    let headCount = min(count, 16)
    var (low, high) = (UInt64(0), UInt64(0))
    if count >= 8 {
      low = name.word(at: 0)
      // Its last bytes, without those that are in the first eight.
      high = headCount > 8 ? name.word(at: headCount - 8) &>> UInt64(8 * (16 - headCount)) : 0
    } else {
      for offset in 0..<count { low |= UInt64(name.byte(at: offset)) &<< UInt64(8 * offset) }
    }
    head = UInt128(high) &<< 64 | UInt128(low)
    tail = count > headCount ? (headCount..<count).map { name.byte(at: $0) } : []
  }

  public static func == (left: EventKey, right: EventKey) -> Bool {
    left.head == right.head && left.count == right.count && (left.count <= 16 || left.tail == right.tail)
  }
}

extension EventName {
  /// The name as handlers are looked for by; nil where there is none.
  public func key(in packet: RawSpan) -> EventKey? {
    if case .string(let range, isEscaped: false) = self { return EventKey(packet.extracting(range)) }
    return text(in: packet).map { EventKey($0) }
  }
}
