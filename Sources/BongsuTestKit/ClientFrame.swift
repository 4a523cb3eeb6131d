import NIOCore

/// Frames as a client writes them: masked (RFC 6455 §5.3), whole and in the shortest encoding.
enum ClientFrame {
  private static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

  static func text(_ text: String) -> ByteBuffer { frame(0x1, Array(text.utf8)) }
  static func binary(_ bytes: [UInt8]) -> ByteBuffer { frame(0x2, bytes) }
  static func ping(_ bytes: [UInt8]) -> ByteBuffer { frame(0x9, bytes) }
  static func pong(_ bytes: [UInt8]) -> ByteBuffer { frame(0xA, bytes) }

  static func close(code: UInt16?, reason: String) -> ByteBuffer {
    var payload = ByteBuffer()
    if let code {
      payload.writeInteger(code)
      payload.writeString(reason)
    }
    return frame(0x8, Array(payload.readableBytesView))
  }

  static func message(_ message: TestMessage) -> ByteBuffer {
    switch message {
    case .text(let string): text(string)
    case .binary(let bytes): binary(bytes)
    }
  }

  private static func frame(_ opcode: UInt8, _ payload: [UInt8]) -> ByteBuffer {
    var frame = ByteBufferAllocator().buffer(capacity: payload.count + 14)
    frame.writeInteger(0x80 | opcode)
    if payload.count < 126 {
      frame.writeInteger(0x80 | UInt8(payload.count))
    } else if let count = UInt16(exactly: payload.count) {
      frame.writeInteger(0x80 | 126 as UInt8)
      frame.writeInteger(count)
    } else {
      frame.writeInteger(0x80 | 127 as UInt8)
      frame.writeInteger(UInt64(payload.count))
    }
    frame.writeBytes(key)
    frame.writeBytes(payload.indices.lazy.map { payload[$0] ^ key[$0 % 4] })
    return frame
  }
}
