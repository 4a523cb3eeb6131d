/// A piece of a head, as offsets from its first byte. Heads are at most 65 535 bytes long, so that four bytes do
/// and a kept head stays small.
struct ByteRange: Sendable, Equatable {
  private let start: UInt16
  private let end: UInt16

  static let empty = ByteRange(0..<0)

  init(_ range: Range<Int>) {
    start = UInt16(truncatingIfNeeded: range.lowerBound)
    end = UInt16(truncatingIfNeeded: range.upperBound)
  }

  var count: Int { Int(end) &- Int(start) }

  var bounds: Range<Int> { Int(start)..<Int(end) }
}
