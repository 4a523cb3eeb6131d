/// Where the elements of a payload's array are. The first four need no allocation.
///
/// Ranges count from the start of the packet.
public struct ArgumentList: Sendable {
  /// Half a `Range<Int>`: a packet that four bytes cannot measure is refused.
  private struct Bounds {
    var lower: UInt32 = 0
    var upper: UInt32 = 0
  }

  private static let inlineCount = 4
  private var first = InlineArray<4, Bounds>(repeating: Bounds())
  // Nil as long as there is nothing in it: every event is copied some times, and an empty array is counted like any.
  private var rest: [Bounds]?

  public private(set) var count = 0
  /// How the elements are written.
  public let notation: Notation
  /// The objects inside that stand for attachments; zero unless the packet is binary.
  public internal(set) var placeholderCount = 0

  init(_ notation: Notation = .json) { self.notation = notation }

  /// Where an argument is, or nil if the sender gave fewer.
  public func argument(_ index: Int) -> Range<Int>? {
    bounds(index).map { Int($0.lower)..<Int($0.upper) }
  }

  /// From an argument through the last one, commas between them included: what a new array consists of. Nil if the
  /// sender gave fewer.
  public func text(from index: Int) -> Range<Int>? {
    guard let start = bounds(index), let end = bounds(count - 1) else { return nil }
    return Int(start.lower)..<Int(end.upper)
  }

  private func bounds(_ index: Int) -> Bounds? {
    guard index >= 0, index < count else { return nil }
    return index < Self.inlineCount ? first[index] : rest?[index - Self.inlineCount]
  }

  mutating func append(_ range: Range<Int>) {
    let bounds = Bounds(lower: UInt32(range.lowerBound), upper: UInt32(range.upperBound))
    if count < Self.inlineCount {
      first[count] = bounds
    } else {
      if rest == nil { rest = [] }
      rest?.append(bounds)
    }
    count += 1
  }
}
