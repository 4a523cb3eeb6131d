extension OutputRawSpan {
  /// Appends a copy of `bytes`.
  ///
  /// - Precondition: `freeCapacity` is at least `bytes.byteCount`; whoever opened the output has reserved for it.
  @inlinable
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
}
