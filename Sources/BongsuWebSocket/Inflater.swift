import BongsuBytes
import CDeflate
import NIOCore

/// Inflates messages one after the other; each may refer to those before it as long as nobody resets.
@safe
final class Inflater {
  /// What the output grows by at least.
  private static var stepBytes: Int { 16 << 10 }

  private let handle: OpaquePointer

  /// - Parameter windowBits: 8…15. Nil: the process is out of memory.
  init?(windowBits: Int) {
    guard let handle = unsafe cdeflate_inflater_open(Int32(windowBits)) else { return nil }
    unsafe self.handle = handle
  }

  deinit { unsafe cdeflate_inflater_close(handle) }

  /// The next message refers to none before it.
  func reset() { unsafe cdeflate_inflater_reset(handle) }

  /// Appends the message that was compressed to `payload`, which is the payloads of all of its frames. Stops as soon as
  /// it has more than `limit` bytes, or as soon as a text is none.
  func inflate(
    _ payload: RawSpan, _ kind: MessageKind, limit: Int, into output: inout ByteBuffer
  ) throws(WebSocketError) {
    // zlib's own "empty message" is a byte; nothing at all cannot mean anything else, either.
    guard !payload.isEmpty else { return }
    var progress = cdeflate_progress()
    var text = UTF8Validator()
    var produced = 0
    while true {
      // One byte beyond the limit shows that it is passed.
      let room = min(limit - produced + 1, max(output.writableBytes, Self.stepBytes))
      let status = step(payload, &progress, room: room, into: &output)
      produced += progress.produced
      guard produced <= limit else { throw .messageTooLarge }
      if kind == .text {
        let piece = output.readableBytesSpan.extracting(last: progress.produced)
        guard text.append(piece) else { throw .invalidText }
      }
      switch status {
      case CDEFLATE_MORE: continue
      case CDEFLATE_DONE:
        guard kind == .binary || text.isComplete else { throw .invalidText }
        return
      case CDEFLATE_EXHAUSTED: throw .outOfMemory
      default: throw .invalidCompression
      }
    }
  }

  private func step(
    _ payload: RawSpan, _ progress: inout cdeflate_progress, room: Int, into output: inout ByteBuffer
  ) -> cdeflate_status {
    var status = CDEFLATE_CORRUPT
    unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { target in
      unsafe payload.withUnsafeBytes { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return 0 }
        unsafe status = cdeflate_inflate(handle, from, source.count, to, min(room, target.count), &progress)
        return progress.produced
      }
    }
    return status
  }
}
