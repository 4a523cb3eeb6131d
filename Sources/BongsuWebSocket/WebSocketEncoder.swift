public import BongsuBytes
public import NIOCore

/// Writes frames as a server does, unmasked (RFC 6455 §5.1) and in the shortest encoding.
public enum WebSocketEncoder {
  /// The bytes in front of `payload` bytes of payload: 2, 4 or 10.
  public static func headerCount(payload: Int) -> Int {
    payload < 126 ? 2 : payload <= 0xFFFF ? 4 : 10
  }

  /// The bytes of a frame with `payload` bytes of payload.
  public static func frameCount(payload: Int) -> Int { headerCount(payload: payload) + payload }

  /// The header of a frame with `payload` bytes of payload; compressed ones have RSV1 set (RFC 7692 §6).
  public static func header(
    _ opcode: Opcode, isFinal: Bool = true, isCompressed: Bool = false, payload: Int
  ) -> ShortBytes {
    var header = ShortBytes()
    header.append((isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode.rawValue)
    switch payload {
    case ..<126:
      header.append(UInt8(truncatingIfNeeded: payload))
    case ...0xFFFF:
      header.append(126 as UInt8)
      header.append(UInt16(truncatingIfNeeded: payload))
    default:
      header.append(127 as UInt8)
      header.append(UInt64(truncatingIfNeeded: payload))
    }
    return header
  }

  /// Writes the header of a frame.
  ///
  /// - Precondition: `output` has room for `headerCount(payload:)` bytes.
  public static func writeHeader(
    _ opcode: Opcode, isFinal: Bool = true, isCompressed: Bool = false, payload: Int, into output: inout OutputRawSpan
  ) {
    output.append(header(opcode, isFinal: isFinal, isCompressed: isCompressed, payload: payload))
  }

  /// A frame of its own, for sharing between recipients.
  public static func frame(_ opcode: Opcode, _ payload: RawSpan) -> ByteBuffer {
    ByteBuffer(initialCapacity: frameCount(payload: payload.byteCount)) { output in
      write(opcode, payload, into: &output)
    }
  }

  /// Appends a whole frame to `buffer`.
  public static func append(
    _ opcode: Opcode, isCompressed: Bool = false, _ payload: RawSpan, to buffer: inout ByteBuffer
  ) {
    buffer.writeWithOutputRawSpan(minimumWritableBytes: frameCount(payload: payload.byteCount)) { output in
      write(opcode, isCompressed: isCompressed, payload, into: &output)
    }
  }

  /// Writes a whole frame.
  ///
  /// - Precondition: `output` has room for `frameCount(payload:)` bytes.
  public static func write(
    _ opcode: Opcode, isCompressed: Bool = false, _ payload: RawSpan, into output: inout OutputRawSpan
  ) {
    writeHeader(opcode, isCompressed: isCompressed, payload: payload.byteCount, into: &output)
    output.append(contentsOf: payload)
  }

  /// A close frame. Without a code, or with one that may not be sent (RFC 6455 §7.4.1), it is empty; a reason of more
  /// than 123 bytes is cut at the end of a character.
  public static func close(code: UInt16?, reason: String = "") -> ByteBuffer {
    guard let code, WebSocketCloseCode.isPermitted(code) else { return frame(.close, RawSpan()) }
    var payload = ByteBuffer(integer: code)
    payload.writeSubstring(CloseFrame.fitting(reason))
    return frame(.close, payload.readableBytesSpan)
  }
}
