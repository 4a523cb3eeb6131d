import NIOCore

/// Memory of a loop's own that all its connections receive into in turn. What it holds is good until it is filled
/// again.
@safe
final class ReceiveBuffer {
  private let memory: UnsafeMutableRawBufferPointer
  /// How many bytes it holds.
  @safe @exclusivity(unchecked) private(set) var count = 0

  init(capacity: Int) {
    unsafe memory = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit { unsafe memory.deallocate() }

  /// Calls `body` with all the memory; it returns how much of it has been written.
  @inline(__always)
  func fill(_ body: (UnsafeMutableRawBufferPointer) -> Int) {
    count = unsafe min(max(0, body(memory)), memory.count)
  }

  /// Takes what there is room for out of `source`.
  func fill(from source: inout ByteBuffer) {
    count = unsafe source.readWithUnsafeReadableBytes { bytes in
      let part = unsafe UnsafeRawBufferPointer(rebasing: bytes.prefix(memory.count))
      unsafe memory.copyMemory(from: part)
      return part.count
    }
  }

  /// Hands on what it holds.
  @inline(__always)
  func withBytes(_ body: (inout MutableRawSpan) -> Void) {
    var bytes = unsafe MutableRawSpan(_unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: memory[..<count]))
    body(&bytes)
  }

  /// What it holds, to be looked at.
  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: memory[..<count]) }
}
