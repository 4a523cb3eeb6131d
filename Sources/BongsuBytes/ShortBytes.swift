/// Up to sixteen bytes as a number: what stands before a payload, on its way to where both are sent from.
@frozen
public struct ShortBytes: Equatable, Sendable {
  /// The first byte lowest, zeros behind the last.
  @usableFromInline var bits: UInt128
  @usableFromInline var length: UInt8

  /// None.
  @inlinable
  public init() { (bits, length) = (0, 0) }

  /// How many there may be.
  @inlinable
  public static var capacity: Int { 16 }

  @inlinable
  public var count: Int { Int(length) }

  /// Appends a number's bytes, the highest first.
  ///
  /// - Precondition: there is room for them.
  @inlinable @inline(__always)
  public mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
    precondition(count + MemoryLayout<Number>.size <= Self.capacity, "sixteen bytes at most")
    bits |= UInt128(truncatingIfNeeded: number.byteSwapped) << UInt128(truncatingIfNeeded: length &* 8)
    length += UInt8(MemoryLayout<Number>.size)
  }
}

extension OutputRawSpan {
  /// Appends a few bytes.
  ///
  /// - Precondition: `freeCapacity` is at least as many.
  @inlinable @inline(__always)
  public mutating func append(_ bytes: ShortBytes) {
    guard freeCapacity >= ShortBytes.capacity else { return appendSlowly(bytes) }
    unsafe withUnsafeMutableBytes { target, count in
      // There is room for the zeros behind them as well, where others will be written.
      unsafe target.storeBytes(of: bytes.bits.littleEndian, toByteOffset: count, as: UInt128.self)
      count += bytes.count
    }
  }

  @usableFromInline
  mutating func appendSlowly(_ bytes: ShortBytes) {
    precondition(bytes.count <= freeCapacity, "the output was opened with too little room")
    var rest = bytes.bits
    for _ in 0..<bytes.count {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }
}
