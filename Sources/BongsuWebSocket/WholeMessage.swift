/// A frame that is a whole message of less than 64 KiB, as nearly all are: final, without reserved bits, masked
/// (RFC 6455 §5.2). Everything else, and everything that is wrong, is for ``FrameHeader``.
struct WholeMessage {
  let kind: MessageKind
  /// The masking key, the first byte on the wire lowest.
  let key: UInt32
  let payload: Range<Int>

  /// Looks for one at `start`; nil when something else is there, or not all of it.
  @inline(__always)
  init?(_ bytes: borrowing Span<UInt8>, at start: Int, longest: Int) {
    // As long as the longer of both headers; a message of a byte or none at the end of the input is not worth a case.
    guard bytes.count - start >= 8 else { return nil }
    switch bytes[start] {
    case 0x81: kind = .text
    case 0x82: kind = .binary
    default: return nil
    }
    // Without the bit that says masked, the length comes out as 128 or more.
    var (length, first) = (Int(bytes[start + 1] ^ 0x80), start + 6)
    if length >= 126 {
      guard length == 126 else { return nil }
      length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
      guard length >= 126 else { return nil }
      first = start + 8
    }
    guard length <= longest, length <= bytes.count - first else { return nil }
    key = FrameHeader.key(bytes, at: first - 4)
    payload = first..<first + length
  }
}
