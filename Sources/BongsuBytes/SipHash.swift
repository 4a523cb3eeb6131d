/// SipHash-2-4 (Aumasson and Bernstein) of one 64-bit word: to whoever does not know the key it is as good as random.
///
/// `Hasher` has a key, too, but promises nothing of what it computes.
public struct SipHash: Sendable {
  private let key: (UInt64, UInt64)

  /// - Parameter key: 128 random bits.
  public init(key: (UInt64, UInt64)) { self.key = key }

  /// The hash of the eight bytes of `word`, the lowest first.
  public func callAsFunction(_ word: UInt64) -> UInt64 {
    var state = State(key)
    state.add(word)
    // How many bytes there were, in the highest place.
    state.add(8 << 56)
    return state.finish()
  }

  private struct State {
    private var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64)

    init(_ key: (UInt64, UInt64)) {
      a = key.0 ^ 0x736f_6d65_7073_6575
      b = key.1 ^ 0x646f_7261_6e64_6f6d
      c = key.0 ^ 0x6c79_6765_6e65_7261
      d = key.1 ^ 0x7465_6462_7974_6573
    }

    private mutating func round() {
      a &+= b
      b = b.rotated(13) ^ a
      a = a.rotated(32)
      c &+= d
      d = d.rotated(16) ^ c
      a &+= d
      d = d.rotated(21) ^ a
      c &+= b
      b = b.rotated(17) ^ c
      c = c.rotated(32)
    }

    mutating func add(_ word: UInt64) {
      d ^= word
      round()
      round()
      a ^= word
    }

    mutating func finish() -> UInt64 {
      c ^= 0xFF
      for _ in 0..<4 { round() }
      return a ^ b ^ c ^ d
    }
  }
}

extension UInt64 {
  fileprivate func rotated(_ count: UInt64) -> UInt64 { self << count | self >> (64 - count) }
}
