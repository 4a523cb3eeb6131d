import BongsuMessagePack
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

/// The value that these bytes are.
func value(_ digits: String) -> MessagePackValue? { MessagePackValue(hex(digits).readableBytesSpan) }

/// What a value is written as.
func written(_ value: MessagePackValue) throws -> [UInt8] {
  var output = ByteBuffer()
  try value.write(into: &output)
  return output.bytes
}

/// Why these bytes are nothing that may be passed on; nil if they are.
func error(skipping digits: String, depth: Int = 128) -> MessagePackError? {
  let bytes = hex(digits)
  var reader = MessagePackReader()
  do throws(MessagePackError) { try reader.skipValue(in: bytes.readableBytesSpan, depth: depth) } catch { return error }
  return nil
}
