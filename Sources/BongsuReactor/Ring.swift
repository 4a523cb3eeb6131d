import CLoop
import CRing

/// The sends of a turn's end as one system call, by io_uring. For its loop's thread, which has to make it as well.
@safe
final class Ring {
  private let handle: OpaquePointer
  private let results: UnsafeMutableBufferPointer<cring_result>
  // Every send changes it: not checked for overlapping accesses, of which there are none.
  @safe @exclusivity(unchecked) private var count = 0
  /// The kernel takes nothing more from it.
  private(set) var hasFailed = false

  /// - Parameter entries: how many sends leave together.
  /// - Throws: ``RingError`` when the kernel refuses.
  init(entries: Int) throws(RingError) {
    var error: CInt = 0
    guard let handle = unsafe cring_open(UInt32(clamping: entries), &error) else { throw RingError(code: -error) }
    unsafe self.handle = handle
    unsafe results = .allocate(capacity: entries)
  }

  deinit {
    unsafe cring_free(handle)
    unsafe results.deallocate()
  }

  /// How many more leave together with those that were added.
  var room: Int { unsafe results.count - count }

  /// The bytes have to stay where they are until ``submit(_:)``.
  @inline(__always)
  func add(_ bytes: UnsafeRawPointer, count: UInt32, to fd: Int32, tag: UInt64) {
    unsafe cring_add(handle, fd, bytes, count, tag)
    self.count += 1
  }

  /// Sends all that was added, and calls `body` with what became of each: bytes sent, an error of the socket,
  /// `CRING_WOULD_BLOCK` or `CRING_NOT_TRIED`.
  @inline(__always)
  func submit(_ body: (_ tag: UInt64, _ sent: Int32) -> Void) {
    guard count > 0, let base = unsafe results.baseAddress else { return }
    var done: UInt32 = 0
    if unsafe cring_submit(handle, base, &done) < 0 { hasFailed = true }
    count = 0
    for index in 0..<Int(done) {
      let result = unsafe results[index]
      body(result.tag, result.sent)
    }
  }

  /// Why there can be no ring in this process, if so.
  static func obstacle() -> RingError? {
    do throws(RingError) { _ = try Ring(entries: 8) } catch { return error }
    return nil
  }
}

/// Why the kernel refuses a ring.
public struct RingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An errno value.
  let code: Int32

  public var description: String { unsafe String(cString: cloop_error_text(-code)) }
}
