import NIOCore

/// Bytes written as hexadecimal digits, blanks between them as one likes.
func hex(_ digits: String) -> ByteBuffer {
  let nibbles = digits.compactMap(\.hexDigitValue)
  let bytes = stride(from: 0, to: nibbles.count - 1, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
  return ByteBuffer(bytes: bytes)
}

extension ByteBuffer {
  var bytes: [UInt8] { Array(readableBytesView) }
}
