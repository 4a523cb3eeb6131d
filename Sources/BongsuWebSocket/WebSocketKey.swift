import BongsuBytes
import CTLS
import NIOCore

/// The client's `Sec-WebSocket-Key`, which proves that the server understands the protocol (RFC 6455 §1.3).
enum WebSocketKey {
  /// Whether `key` is 16 bytes in base64: 22 characters and the padding.
  static func isValid(_ key: String) -> Bool {
    let characters = key.utf8
    guard characters.count == 24, key.hasSuffix("==") else { return false }
    return characters.dropLast(2).allSatisfy { character in
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"): true
      default: false
      }
    }
  }

  /// The answer: the base64 of the SHA-1 of the key and a fixed GUID (§4.2.2).
  static func accept(_ key: String) -> String {
    let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    // SHA-1 writes exactly the 20 bytes that `digest` has.
    unsafe ctls_sha1(text, text.count, &digest)
    var encoded = ByteBuffer()
    Base64.encode(ByteBuffer(bytes: digest).readableBytesSpan, into: &encoded)
    return String(buffer: encoded)
  }
}
