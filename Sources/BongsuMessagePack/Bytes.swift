extension RawSpan {
  /// The big-endian number in `count` bytes, 8 at most.
  func number(at offset: Int, count: Int) -> UInt64 {
    var number: UInt64 = 0
    for index in offset..<offset + count {
      // Any bit pattern is a UInt8, and the load checks the bounds.
      number = number << 8 | UInt64(unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self))
    }
    return number
  }

  /// The bytes of a range that is known to hold UTF-8.
  func string(_ range: Range<Int>) -> String {
    unsafe extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
