extension OutputRawSpan {
  /// Appends a copy of `bytes`.
  ///
  /// - Precondition: `freeCapacity` is at least `bytes.byteCount`; whoever opened the output has reserved for it.
  @inlinable @inline(__always)
  public mutating func append(contentsOf bytes: RawSpan) {
    precondition(bytes.byteCount <= freeCapacity, "the output was opened with too little room")
    unsafe withUnsafeMutableBytes { target, count in
      unsafe bytes.withUnsafeBytes { source in
        // The precondition above: what is rebased here has room for the source.
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[count...]).copyMemory(from: source)
        count += source.count
      }
    }
  }

  /// Appends the digits of `number`, 20 at most.
  ///
  /// - Precondition: `freeCapacity` is at least that.
  public mutating func append(decimal number: UInt64) {
    var power: UInt64 = 1
    while number / power >= 10 { power *= 10 }
    while power > 0 {
      append(UInt8(truncatingIfNeeded: number / power % 10) + 0x30)
      power /= 10
    }
  }

  /// How many digits ``append(decimal:)`` writes.
  public static func digitCount(of number: UInt64) -> Int {
    var (count, rest) = (1, number)
    while rest >= 10 { (count, rest) = (count + 1, rest / 10) }
    return count
  }
}
