import BongsuBytes
import CDeflate
import NIOCore

/// Compresses messages one after the other; each refers to those before it as long as nobody resets.
@safe
final class Deflater {
  private let handle: OpaquePointer

  /// Nil: the process is out of memory.
  ///
  /// - Parameter windowBits: 8…15. zlib has no raw deflate with a window of 8 bits, but with one of 9 it refers back
  ///   by 250 bytes at most (512 less the longest match and what it looks ahead), which a window of 8 bits holds.
  init?(windowBits: Int, _ settings: DeflateSettings) {
    let windowBits = Int32(max(windowBits, 9))
    let handle = unsafe cdeflate_deflater_open(Int32(settings.level), windowBits, Int32(settings.memoryLevel))
    guard let handle = unsafe handle else { return nil }
    unsafe self.handle = handle
  }

  deinit { unsafe cdeflate_deflater_close(handle) }

  /// The next message refers to none before it.
  func reset() { unsafe cdeflate_deflater_reset(handle) }

  /// Appends a compressed message as frames carry it (RFC 7692 §7.2.1).
  ///
  /// - Returns: false when it did not work; the deflater has to be reset then.
  func deflate(_ message: RawSpan, into output: inout ByteBuffer) -> Bool {
    var progress = cdeflate_progress()
    while true {
      let expected = min(message.byteCount / 4 + 64, 64 << 10)
      switch step(message, &progress, room: max(output.writableBytes, expected), into: &output) {
      case CDEFLATE_MORE: continue
      case CDEFLATE_DONE:
        // "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end."
        guard output.readableBytes > 4 else { return false }
        output.moveWriterIndex(to: output.writerIndex - 4)
        return true
      default: return false
      }
    }
  }

  private func step(
    _ message: RawSpan, _ progress: inout cdeflate_progress, room: Int, into output: inout ByteBuffer
  ) -> cdeflate_status {
    var status = CDEFLATE_CORRUPT
    unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { target in
      unsafe message.withUnsafeBytes { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return 0 }
        unsafe status = cdeflate_deflate(handle, from, source.count, to, target.count, &progress)
        return progress.produced
      }
    }
    return status
  }
}
