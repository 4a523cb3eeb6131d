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
    if state == UTF8Automaton.accepting {
      if Self.isShortASCII(bytes) { return true }
      offset = Self.endOfASCII(in: bytes, from: 0)
    }
    while count - offset >= 8 {
      let loaded: UInt64 = Self.load(bytes, at: offset)
      offset &+= 8
      if loaded & Self.highBits == 0, state & 63 == UTF8Automaton.accepting {
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

  private static var highBits: UInt64 { 0x8080_8080_8080_8080 }

  /// Skips ASCII in strides of 128 bytes, then of 64, and then looks once more at the last 64, whatever of them is new.
  ///
  /// - Returns: an offset up to which all is ASCII: the end, or one from which that is no longer sure.
  @inline(__always)
  private static func endOfASCII(in bytes: RawSpan, from start: Int) -> Int {
    let count = bytes.byteCount
    var offset = start
    while count - offset >= 128 {
      guard isASCII(block(bytes, at: offset) | block(bytes, at: offset &+ 64)) else { break }
      offset &+= 128
    }
    while count - offset >= 64 {
      guard isASCII(block(bytes, at: offset)) else { return offset }
      offset &+= 64
    }
    return count >= 64 && isASCII(block(bytes, at: count &- 64)) ? count : offset
  }

  /// Whether these are 8 to 63 bytes and all ASCII: loads that overlap leave no rest to be looked at byte by byte.
  @inline(__always)
  private static func isShortASCII(_ bytes: RawSpan) -> Bool {
    let count = bytes.byteCount
    switch count {
    case 16..<64:
      let first: SIMD2<UInt64> = load(bytes, at: 0)
      let second: SIMD2<UInt64> = load(bytes, at: min(count &- 16, 16))
      let third: SIMD2<UInt64> = load(bytes, at: max(count &- 32, 0))
      let last: SIMD2<UInt64> = load(bytes, at: count &- 16)
      let all = first | second | third | last
      return (all.x | all.y) & highBits == 0
    case 8..<16:
      let first: UInt64 = load(bytes, at: 0)
      let last: UInt64 = load(bytes, at: count &- 8)
      return (first | last) & highBits == 0
    default: return false
    }
  }

  @inline(__always)
  private static func block(_ bytes: RawSpan, at offset: Int) -> SIMD8<UInt64> { load(bytes, at: offset) }

  /// What is at `offset`, which has to be inside as a whole.
  @inline(__always)
  private static func load<Word: BitwiseCopyable>(_ bytes: RawSpan, at offset: Int) -> Word {
    assert(offset >= 0 && offset + MemoryLayout<Word>.size <= bytes.byteCount)
    return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Word.self)
  }

  @inline(__always)
  private static func isASCII(_ block: SIMD8<UInt64>) -> Bool {
    let half = block.lowHalf | block.highHalf
    let quarter = half.lowHalf | half.highHalf
    return (quarter.x | quarter.y) & highBits == 0
  }
}
