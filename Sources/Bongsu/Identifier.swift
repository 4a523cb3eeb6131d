/// The id of a session or a socket: 120 bits, written as 20 characters of the URL-safe base64 alphabet.
///
/// 112 of them are random. The last byte names the loop that the session lives on, so that any thread can tell where to
/// go without a lookup.
struct Identifier: Hashable, Sendable {
  /// Bytes 0–7 and 8–14, the first in the highest place.
  private let head: UInt64
  private let tail: UInt64

  static var textCount: Int { 20 }

  init(loop: Int) {
    var random = SystemRandomNumberGenerator()
    head = random.next()
    let noise: UInt64 = random.next() >> 16
    tail = noise << 8 | UInt64(UInt8(truncatingIfNeeded: loop) ^ UInt8(truncatingIfNeeded: head))
  }

  /// Reads the text form; `nil` for anything else.
  init?(_ text: String) {
    guard text.utf8.count == Self.textCount else { return nil }
    var (head, tail): (UInt64, UInt64) = (0, 0)
    for character in text.utf8 {
      guard let sextet = Self.sextet(character) else { return nil }
      head = head << 6 | tail >> 50
      tail = (tail << 6 | sextet) & (1 << 56 - 1)
    }
    self.head = head
    self.tail = tail
  }

  /// The loop that made it, if it was one of this server's.
  var loop: Int { Int(UInt8(truncatingIfNeeded: tail) ^ UInt8(truncatingIfNeeded: head)) }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func sextet(_ character: UInt8) -> UInt64? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt64(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(character - UInt8(ascii: "a") + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0") + 52)
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: nil
    }
  }
}

extension Identifier: CustomStringConvertible {
  var description: String {
    unsafe String(unsafeUninitializedCapacity: Self.textCount) { bytes in
      for index in 0..<Self.textCount {
        unsafe bytes[index] = Self.alphabet[Int(sextet(index))]
      }
      return Self.textCount
    }
  }

  /// Six of the 120 bits: sextet `index` ends at bit `114 - 6 * index`.
  private func sextet(_ index: Int) -> UInt64 {
    let shift = UInt64(114 - 6 * index)
    if shift >= 56 { return head >> (shift - 56) & 63 }
    return (tail >> shift | (shift > 50 ? head << (56 - shift) : 0)) & 63
  }
}
