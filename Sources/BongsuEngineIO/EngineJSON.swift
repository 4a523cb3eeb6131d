internal import NIOCore

extension ByteBuffer {
  /// Writes `string` as a JSON string (RFC 8259 §7). Handshakes and error texts are short and rare, so byte by byte.
  mutating func writeJSONString(_ string: String) {
    writeInteger(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        writeInteger(UInt8(ascii: "\\"))
        writeInteger(byte)
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        writeString(byte < 0x10 ? "\\u000\(digits)" : "\\u00\(digits)")
      default:
        writeInteger(byte)
      }
    }
    writeInteger(UInt8(ascii: "\""))
  }
}
