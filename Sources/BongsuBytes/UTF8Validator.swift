/// Validates UTF-8 (RFC 3629 §4) that arrives in pieces cut anywhere, and fails at the first byte that no valid text
/// could have at its place.
///
/// It is a finite automaton whose every step is one table look-up and one shift, without a branch, so that text in any
/// script costs the same; only runs of ASCII are hurried past.
public struct UTF8Validator: Sendable {
  private var state = UTF8Automaton.accepting

  public init() {}

  /// Whether the text may end here, that is, not inside a sequence.
  public var isComplete: Bool { state == UTF8Automaton.accepting }

  /// Whether `bytes` are valid UTF-8 as a whole.
  public static func isValid(_ bytes: RawSpan) -> Bool {
    var validator = UTF8Validator()
    return validator.append(bytes) && validator.isComplete
  }

  /// Takes the next piece of the text.
  ///
  /// - Returns: false when a byte cannot stand where it does; all further pieces then fail too.
  public mutating func append(_ bytes: RawSpan) -> Bool {
    let count = bytes.byteCount
    var state = state
    var offset = 0
    while count - offset >= 8 {
      // Eight bytes are left, so the load stays inside.
      let loaded = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
      offset &+= 8
      if loaded & 0x8080_8080_8080_8080 == 0, state & 63 == UTF8Automaton.accepting {
        offset = Self.endOfASCII(in: bytes, from: offset)
        continue
      }
      var word = UInt64(littleEndian: loaded)
      for _ in 0..<8 {
        state = UTF8Automaton.rows[Int(word & 0xFF)] &>> state
        word &>>= 8
      }
    }
    while offset < count {
      let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
      state = UTF8Automaton.rows[Int(byte)] &>> state
      offset &+= 1
    }
    self.state = state & 63
    return self.state != UTF8Automaton.failed
  }

  /// Skips ASCII in strides of 128 bytes, then of 64, and then looks once more at the last 64, whatever of them is new.
  @inline(__always)
  private static func endOfASCII(in bytes: RawSpan, from start: Int) -> Int {
    var offset = start
    while bytes.byteCount - offset >= 128 {
      guard isASCII(block(of: bytes, at: offset) | block(of: bytes, at: offset &+ 64)) else { break }
      offset &+= 128
    }
    while bytes.byteCount - offset >= 64 {
      guard isASCII(block(of: bytes, at: offset)) else { return offset }
      offset &+= 64
    }
    guard bytes.byteCount >= 64, isASCII(block(of: bytes, at: bytes.byteCount &- 64)) else { return offset }
    return bytes.byteCount
  }

  /// 64 bytes, which have to be there.
  @inline(__always)
  private static func block(of bytes: RawSpan, at offset: Int) -> SIMD8<UInt64> {
    unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD8<UInt64>.self)
  }

  @inline(__always)
  private static func isASCII(_ block: SIMD8<UInt64>) -> Bool {
    let half = block.lowHalf | block.highHalf
    let quarter = half.lowHalf | half.highHalf
    return (quarter.x | quarter.y) & 0x8080_8080_8080_8080 == 0
  }
}
