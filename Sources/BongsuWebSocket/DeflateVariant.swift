public import NIOCore

/// One way to compress what several connections are sent: messages that refer to none before them, with one window.
/// Connections of the same variant can be sent the same bytes.
public final class DeflateVariant {
  let windowBits: Int
  private let share: DeflateShare
  private var deflater: Deflater?

  init(windowBits: Int, _ share: DeflateShare) {
    self.windowBits = windowBits
    self.share = share
  }

  /// Appends the compressed message; false when that takes more bytes than the message itself, or does not work.
  func deflate(_ message: RawSpan, into output: inout ByteBuffer) -> Bool {
    guard let deflater = deflater ?? Deflater(windowBits: windowBits, share.settings) else { return false }
    self.deflater = deflater
    deflater.reset()
    return deflater.deflate(message, into: &output) && output.readableBytes < message.byteCount
  }

  /// Frames that `WebSocketEncoder` wrote, with each message compressed that is worth it; nil when none is.
  public func deflating(_ frames: ByteBuffer) -> ByteBuffer? {
    let bytes = frames.readableBytesSpan
    var isWorthwhile = false
    ServerFrames.forEach(in: bytes) { opcode, payload in
      if payload.count >= share.settings.threshold, !opcode.isControl { isWorthwhile = true }
    }
    guard isWorthwhile else { return nil }
    var deflated = ByteBuffer()
    ServerFrames.forEach(in: bytes) { opcode, payload in
      append(opcode, bytes.extracting(payload), to: &deflated)
    }
    return deflated
  }

  /// Appends a frame, compressed if it is worth it.
  func append(_ opcode: Opcode, _ payload: RawSpan, to buffer: inout ByteBuffer) {
    var output = share.deflated.take()
    defer { share.deflated.give(back: &output) }
    if payload.byteCount >= share.settings.threshold, !opcode.isControl, deflate(payload, into: &output) {
      WebSocketEncoder.append(opcode, isCompressed: true, output.readableBytesSpan, to: &buffer)
    } else {
      WebSocketEncoder.append(opcode, payload, to: &buffer)
    }
  }
}
