/// The start of a client's frame (RFC 6455 §5.2).
///
///      0               1               2               3
///     +-+-+-+-+-------+-+-------------+-------------------------------+
///     |F|R|R|R| opcode|M| length      | 126: 16 bits of length,       |
///     |I|S|S|S|       |A|             | 127: 64 bits, big-endian      |
///     |N|V|V|V|       |S|             |                               |
///     | |1|2|3|       |K|             |                               |
///     +-+-+-+-+-------+-+-------------+-------------------------------+
///     | masking key, 4 bytes          | payload …                     |
///     +-------------------------------+-------------------------------+
///
/// RSV1 marks the first frame of a compressed message (RFC 7692 §6).
struct FrameHeader {
  /// The longest header: two bytes, 64 bits of length, the key.
  static var maximumByteCount: Int { 14 }

  var opcode: Opcode
  var isFinal: Bool
  var isCompressed: Bool
  /// The payload's bytes: 0…125 for a control frame, else 0…Int.max.
  var length: Int
  /// The masking key, the first byte on the wire lowest.
  var key: UInt32
  /// The header's own bytes.
  var byteCount: Int

  /// Reads the header that begins at `start`, or returns nil while it is not all there. What the first two bytes
  /// already show to be wrong fails without waiting for the rest.
  ///
  /// - Parameter mayCompress: whether compression was negotiated.
  init?(_ bytes: borrowing Span<UInt8>, at start: Int, mayCompress: Bool) throws(WebSocketError) {
    let available = bytes.count - start
    guard available >= 2 else { return nil }
    let (first, second) = (bytes[start], bytes[start + 1])
    isCompressed = first & 0x40 != 0
    guard first & 0x30 == 0, !isCompressed || mayCompress else { throw .reservedBits }
    guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .reservedOpcode }
    guard !isCompressed || opcode.messageKind != nil else { throw .reservedBits }
    guard second & 0x80 != 0 else { throw .unmaskedFrame }
    isFinal = first & 0x80 != 0
    length = Int(second & 0x7F)
    self.opcode = opcode
    if opcode.isControl {
      guard isFinal else { throw .fragmentedControlFrame }
      guard length <= 125 else { throw .oversizedControlFrame }
    }
    let extendedCount = length < 126 ? 0 : length == 126 ? 2 : 8
    byteCount = 2 + extendedCount + 4
    guard available >= byteCount else { return nil }
    if extendedCount > 0 {
      length = try Self.extendedLength(bytes, at: start + 2, count: extendedCount)
    }
    key = Self.key(bytes, at: start + byteCount - 4)
  }

  /// The masking key at `place`, the first byte on the wire lowest.
  @inline(__always)
  static func key(_ bytes: borrowing Span<UInt8>, at place: Int) -> UInt32 {
    UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
      | UInt32(bytes[place + 3]) << 24
  }

  private static func extendedLength(
    _ bytes: borrowing Span<UInt8>, at start: Int, count: Int
  ) throws(WebSocketError) -> Int {
    var length: UInt64 = 0
    for index in start..<start + count {
      length = length << 8 | UInt64(bytes[index])
    }
    // "the most significant bit MUST be 0", "the minimal number of bytes MUST be used" (§5.2)
    guard let length = Int(exactly: length) else { throw .negativeLength }
    guard length > (count == 2 ? 125 : 0xFFFF) else { throw .nonMinimalLength }
    return length
  }
}
