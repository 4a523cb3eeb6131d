/// A set of loops, one bit for each of the at most 64 loops of a server.
///
/// Iterating yields the numbers of the loops in ascending order and costs one step per member, not one per bit.
public struct LoopSet: Hashable, Sendable {
  /// Bit `n` is set when loop `n` belongs to the set.
  public var rawValue: UInt64

  /// The set without members.
  @inlinable public static var none: LoopSet { LoopSet(rawValue: 0) }

  /// The set whose members are the bits that are set in `rawValue`.
  @inlinable public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The set of one loop; empty when the number is not in `0..<64`.
  @inlinable public init(_ loop: Int) {
    // A smart shift: it gives 0 for 64 and above, but shifts the other way for a negative count.
    rawValue = loop < 0 ? 0 : 1 << loop
  }

  @inlinable public var isEmpty: Bool { rawValue == 0 }

  @inlinable public var count: Int { rawValue.nonzeroBitCount }

  @inlinable public func contains(_ loop: Int) -> Bool { rawValue & LoopSet(loop).rawValue != 0 }

  @inlinable public mutating func insert(_ loop: Int) { rawValue |= LoopSet(loop).rawValue }

  @inlinable public mutating func remove(_ loop: Int) { rawValue &= ~LoopSet(loop).rawValue }

  /// The same set without one loop, usually the caller's own.
  @inlinable public func removing(_ loop: Int) -> LoopSet {
    LoopSet(rawValue: rawValue & ~LoopSet(loop).rawValue)
  }

  @inlinable public func union(_ other: LoopSet) -> LoopSet { LoopSet(rawValue: rawValue | other.rawValue) }
}

extension LoopSet: Sequence {
  /// Takes the lowest bit off at each step.
  public struct Iterator: IteratorProtocol {
    @usableFromInline var rest: UInt64

    @inlinable init(rest: UInt64) {
      self.rest = rest
    }

    @inlinable public mutating func next() -> Int? {
      guard rest != 0 else { return nil }
      let loop = rest.trailingZeroBitCount
      rest &= rest &- 1
      return loop
    }
  }

  @inlinable public func makeIterator() -> Iterator { Iterator(rest: rawValue) }

  @inlinable public var underestimatedCount: Int { count }
}
