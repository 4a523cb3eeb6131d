internal import BongsuSocketIO
internal import BongsuWebSocket
internal import NIOCore

/// Memory in which the elements of a packet's array are written one after the other, with room in front for what is
/// known last.
@safe
struct PacketDraft: ~Copyable {
  /// In front of the elements: a frame's header, everything before the payload, and a bracket.
  private static var headRoom: Int { 128 }
  /// More than this is not kept for another time.
  private static var keptBytes: Int { 64 << 10 }

  private var memory = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var end = headRoom

  deinit { unsafe memory.deallocate() }

  /// Forgets everything.
  mutating func clear() {
    end = Self.headRoom
    if unsafe memory.count > Self.keptBytes { move(to: 0) }
  }

  /// The bytes of the elements so far.
  var count: Int { end - Self.headRoom }

  /// A copy of the elements so far.
  var elements: ByteBuffer {
    guard count > 0 else { return ByteBuffer() }
    return unsafe ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: memory[Self.headRoom..<end]))
  }

  /// Appends what `body` writes, at most `limit` bytes.
  @inline(__always)
  mutating func append(limit: Int, _ body: (inout OutputRawSpan) -> Void) {
    if unsafe memory.count - end < limit { grow(for: limit) }
    write(at: end, limit: limit, body)
  }

  private mutating func grow(for limit: Int) { move(to: max(512, (end + limit) * 2)) }

  private mutating func move(to capacity: Int) {
    let old = unsafe memory
    unsafe memory = .allocate(byteCount: capacity, alignment: 16)
    if capacity > 0, end > Self.headRoom {
      unsafe memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: old[..<end]))
    }
    unsafe old.deallocate()
  }

  /// Both callers have seen to it that there is memory for `limit` bytes.
  @inline(__always)
  private mutating func write(at start: Int, limit: Int, _ body: (inout OutputRawSpan) -> Void) {
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + limit])
    var output = unsafe OutputRawSpan(buffer: room, initializedCount: 0)
    body(&output)
    end = unsafe max(end, start + output.finalize(for: room))
  }

  /// Puts a packet's beginning in front of the elements and hands on the frame of text that it is together with them;
  /// false when the beginning is too long for that, or `body` says so.
  @inline(__always)
  mutating func withFrame(_ prefix: PacketPrefix, _ body: (RawSpan) -> Bool) -> Bool {
    append(limit: 1) { $0.append(UInt8(ascii: "]")) }
    defer { end -= 1 }
    let payload = prefix.count + 1 + count
    let start = Self.headRoom - prefix.count - 1 - WebSocketEncoder.headerCount(payload: payload)
    guard start >= 0 else { return false }
    write(at: start, limit: Self.headRoom - start) {
      WebSocketEncoder.writeHeader(.text, payload: payload, into: &$0)
      prefix.append(to: &$0)
      $0.append(UInt8(ascii: "["))
    }
    return unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[start..<end])))
  }
}
