import BongsuBytes
public import NIOCore

/// The permessage-deflate of one connection, or of all on a loop whose messages refer to nothing (RFC 7692).
///
/// A connection that agreed on context takeover has a compressor or an inflater of its own, made when its first
/// compressed message is sent or comes. All of it belongs to the connection's loop.
public final class PerMessageDeflate {
  /// Whose frames this connection understands.
  public let variant: DeflateVariant
  private let agreement: DeflateAgreement
  private let share: DeflateShare
  private var deflater: Deflater?
  /// The client's window has something that the deflater has not seen.
  private var isOutOfStep = false
  private var inflater: Inflater?

  init(_ agreement: DeflateAgreement, variant: DeflateVariant, _ share: DeflateShare) {
    self.agreement = agreement
    self.variant = variant
    self.share = share
  }

  /// Frees what the connection has of its own, when it is closed.
  public func release() {
    deflater = nil
    inflater = nil
  }

  // MARK: Sending

  /// Appends a frame, compressed unless it is too short or a control frame.
  public func append(_ opcode: Opcode, _ payload: RawSpan, to buffer: inout ByteBuffer) {
    guard agreement.keepsServerContext else { return variant.append(opcode, payload, to: &buffer) }
    var output = share.deflated.take()
    defer { share.deflated.give(back: &output) }
    if payload.byteCount >= share.settings.threshold, !opcode.isControl, deflate(payload, into: &output) {
      // Even if it became longer: the compressor will refer to it.
      WebSocketEncoder.append(opcode, isCompressed: true, output.readableBytesSpan, to: &buffer)
    } else {
      WebSocketEncoder.append(opcode, payload, to: &buffer)
    }
  }

  /// Appends frames that `WebSocketEncoder` wrote, each compressed unless it is too short or a control frame.
  public func append(frames: RawSpan, to buffer: inout ByteBuffer) {
    ServerFrames.forEach(in: frames) { opcode, payload in append(opcode, frames.extracting(payload), to: &buffer) }
  }

  /// To be called before the connection is sent compressed frames of its ``variant``. The client's window then has
  /// something that this connection's compressor has not seen, so its next message refers to none before it.
  public func sharedFramesFollow() { isOutOfStep = true }

  private func deflate(_ message: RawSpan, into output: inout ByteBuffer) -> Bool {
    guard let deflater = deflater ?? Deflater(windowBits: agreement.serverWindowBits, share.settings) else {
      return false
    }
    self.deflater = deflater
    if isOutOfStep { deflater.reset() }
    isOutOfStep = false
    if deflater.deflate(message, into: &output) { return true }
    // Nobody will see what it has produced.
    self.deflater = nil
    return false
  }

  // MARK: Receiving

  /// Calls `body` with the message that was compressed to `payload`. There are never more than `limit` bytes of it, and
  /// text is valid UTF-8.
  func inflate(
    _ payload: RawSpan, _ kind: MessageKind, limit: Int, _ body: (RawSpan) -> Void
  ) throws(WebSocketError) {
    var output = share.inflated.take()
    defer { share.inflated.give(back: &output) }
    try usedInflater().inflate(payload, kind, limit: limit, into: &output)
    body(output.readableBytesSpan)
  }

  private func usedInflater() throws(WebSocketError) -> Inflater {
    guard agreement.keepsClientContext else { return try share.inflater() }
    guard let inflater = inflater ?? Inflater(windowBits: agreement.clientWindowBits) else { throw .outOfMemory }
    self.inflater = inflater
    return inflater
  }
}
