import BongsuBytes
import Glibc
import NIOCore

/// Unmasking against copying, which is as fast as memory, and against a loop over words of 64 bits, which the compiler
/// makes wider if it likes.
@MainActor var masks: [Contest] {
  [masking(20), masking(125), masking(1024), masking(65_536)] + [copying(1024), copying(65_536)]
}

private let key: UInt32 = 0x3D21_FA37

/// As many payloads behind one another as fit into a read.
private func masking(_ count: Int) -> Contest {
  let payloads = 65_536 / count
  var ours = buffer(65_536)
  var theirs = buffer(65_536)
  return Contest(
    name: "mask \(count) B", byteCount: count, callsEach: payloads,
    ours: {
      var bytes = ours.mutableReadableBytesSpan
      for index in 0..<payloads {
        var payload = bytes._mutatingExtracting(index * count..<index * count + count)
        consume(Int(Masking.apply(key, to: &payload).key))
      }
    }, rival: "64-bit words",
    theirs: {
      var bytes = theirs.mutableReadableBytesSpan
      for index in 0..<payloads {
        var payload = bytes._mutatingExtracting(index * count..<index * count + count)
        consume(Int(maskByWords(key, &payload)))
      }
    })
}

private func copying(_ count: Int) -> Contest {
  var ours = buffer(count)
  let source = buffer(count)
  var target = buffer(count)
  return Contest(
    name: "mask \(count) B", byteCount: count,
    ours: {
      var bytes = ours.mutableReadableBytesSpan
      consume(Int(Masking.apply(key, to: &bytes).key))
    }, rival: "memcpy",
    theirs: {
      unsafe source.withUnsafeReadableBytes { source in
        unsafe target.withUnsafeMutableReadableBytes { target in
          guard let to = target.baseAddress, let from = source.baseAddress else { return }
          unsafe memcpy(to, from, source.count)
        }
      }
      consume(target.readableBytes)
    })
}

/// At an odd address, where payloads of frames lie.
private func buffer(_ count: Int) -> ByteBuffer {
  var buffer = ByteBuffer(bytes: (0..<count + 1).map { UInt8(truncatingIfNeeded: $0 &* 37) })
  buffer.moveReaderIndex(forwardBy: 1)
  return buffer
}

@inline(never)
private func maskByWords(_ key: UInt32, _ bytes: inout MutableRawSpan) -> UInt32 {
  let word = UInt64(key) << 32 | UInt64(key)
  var offset = 0
  while bytes.byteCount - offset >= 8 {
    // Eight bytes are left, so the load and the store stay inside.
    let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
    unsafe bytes.storeBytes(of: value ^ word, toUncheckedByteOffset: offset, as: UInt64.self)
    offset += 8
  }
  while offset < bytes.byteCount {
    let value = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    let masked = value ^ UInt8(truncatingIfNeeded: key &>> UInt32(offset % 4 * 8))
    unsafe bytes.storeBytes(of: masked, toUncheckedByteOffset: offset, as: UInt8.self)
    offset += 1
  }
  return key
}

/// Keeps the compiler from leaving out what nobody looks at.
@inline(never)
func consume(_ number: Int) {
  guard number != .min else { fatalError("no count is negative") }
}
