internal import NIOCore

/// Percent-encoding in paths (RFC 3986 §2.1), where `+` is a plus.
public enum PercentEncoding {
  /// The text with `%XX` decoded. A `%` without two hexadecimal digits stays; what is not UTF-8 becomes U+FFFD.
  public static func decode(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    let bytes = ByteBuffer(substring: Substring(text))
    let range = 0..<bytes.readableBytes
    return FormBytes(range, plusIsSpace: false).text(in: bytes.readableBytesUInt8Span)
  }
}
