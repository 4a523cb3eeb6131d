/// A frame that is a whole short message, as nearly all are: final, without reserved bits, masked, and with its length
/// in the second byte (RFC 6455 §5.2).
struct ShortFrame {
  static var longestPayload: Int { 125 }

  let kind: MessageKind
  /// The masking key, the first byte on the wire lowest.
  let key: UInt32
  let payload: Range<Int>

  /// Looks for one at `start`; nil when something else is there, or not all of it.
  @inline(__always)
  init?(_ bytes: borrowing Span<UInt8>, at start: Int, longest: Int) {
    guard bytes.count - start >= 6 else { return nil }
    switch bytes[start] {
    case 0x81: kind = .text
    case 0x82: kind = .binary
    default: return nil
    }
    // Without the bit that says masked, the length comes out as 128 or more.
    let length = Int(bytes[start + 1] ^ 0x80)
    guard length <= longest, length <= bytes.count - start - 6 else { return nil }
    key = FrameHeader.key(bytes, at: start + 2)
    payload = start + 6..<start + 6 + length
  }
}
