import BongsuBytes
import Foundation
import NIOCore

/// What is encoded is what Foundation makes of it and decodes to what it was; any text decodes as a naive reading has it.
@Sendable func fuzzBase64(_ input: Input) {
  let buffer = ByteBuffer(bytes: input.wire)
  var encoded = ByteBuffer()
  Base64.encode(buffer.readableBytesSpan, into: &encoded)
  requireEqual(encoded.readableBytes, Base64.encodedCount(of: input.wire.count), "the size is known beforehand")
  requireEqual(String(buffer: encoded), Data(input.wire).base64EncodedString(), "as Foundation encodes")
  requireEqual(Base64.decode(encoded.readableBytesSpan), buffer, "and back")
  let decoded = Base64.decode(buffer.readableBytesSpan)
  requireEqual(Array(decoded.readableBytesView), obviousDecoding(input.wire), "lenient decoding of \(input.wire)")
}

private func obviousDecoding(_ text: [UInt8]) -> [UInt8] {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var bits: [Bool] = []
  for character in text.prefix(while: { $0 != UInt8(ascii: "=") }) {
    let standard: UInt8 =
      switch character {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: character
      }
    guard let value = alphabet.firstIndex(of: standard) else { continue }
    for bit in (0..<6).reversed() { bits.append(value >> bit & 1 == 1) }
  }
  return (0..<bits.count / 8).map { index in
    bits[index * 8..<index * 8 + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
  }
}
