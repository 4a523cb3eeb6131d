import CTLS

/// What a loop has for the TLS of its connections: one place where ciphertext is written to, one for plaintext, and who
/// waits for a handshake.
@safe
final class TLSChannel {
  enum Progress {
    case more, ended, failed
  }

  /// How much is encrypted at once, and how much ciphertext is collected before the kernel gets it.
  static var portion: Int { 256 << 10 }

  /// Made when the first connection is secured.
  private var opened: OpaquePointer?
  /// What the connection said whose turn it is.
  let plaintext = ReceiveBuffer(capacity: Loop.receiveBytes + Int(CTLS_HELD_MAX))
  var handshakes = HandshakeQueue()

  deinit { if let opened = unsafe opened { unsafe ctls_channel_close(opened) } }

  private var handle: OpaquePointer? {
    if unsafe opened == nil { unsafe opened = unsafe ctls_channel_open() }
    return unsafe opened
  }

  /// Fills `plaintext`. What the session has to answer is in the output, whatever comes out.
  func decrypt(_ input: ReceiveBuffer, of session: TLSSession) -> Progress {
    var progress = CTLS_FAILED
    unsafe plaintext.fill { plain in
      let input = unsafe input.bytes
      guard let channel = unsafe handle, let handle = unsafe session.handle, let from = input.baseAddress
      else { return 0 }
      var count = 0
      progress = unsafe ctls_read(handle, channel, from, input.count, plain.baseAddress!, plain.count, &count)
      return count
    }
    return progress == CTLS_MORE ? .more : progress == CTLS_ENDED ? .ended : .failed
  }

  /// Encrypts bytes in records as full as can be: some may wait here for the next ones, until ``complete(_:)`` or until
  /// it fails.
  func encrypt(_ bytes: UnsafeRawBufferPointer, for session: TLSSession) -> Bool {
    guard let channel = unsafe handle, let handle = unsafe session.handle else { return false }
    guard let base = bytes.baseAddress else { return true }
    return unsafe ctls_write(handle, channel, base, bytes.count)
  }

  /// Encrypts what waits for a full record. Necessary before another session has its turn.
  func complete(_ session: TLSSession) -> Bool {
    guard let channel = unsafe handle, let handle = unsafe session.handle else { return false }
    return unsafe ctls_flush(handle, channel)
  }

  /// Says that nothing more will come (close_notify, RFC 8446 §6.1).
  func finish(_ session: TLSSession) {
    guard let channel = unsafe handle, !session.isFresh, let handle = unsafe session.handle else { return }
    unsafe ctls_finish(handle, channel)
  }

  /// Forgets the session's keys: it ends, or goes on with another loop.
  func leave(_ session: TLSSession) {
    guard let opened = unsafe opened, !session.isFresh, let handle = unsafe session.handle else { return }
    unsafe ctls_session_leave(handle, opened)
  }

  /// The output should be taken before more is encrypted.
  var isFull: Bool { outputCount >= Self.portion }
  var hasOutput: Bool { outputCount > 0 }

  /// How much sessions have written since it was last taken or forgotten.
  @inline(__always)
  var outputCount: Int { unsafe output.count }

  func forgetOutput() {
    if let opened = unsafe opened { unsafe ctls_channel_clear(opened) }
  }

  /// Hands over what sessions have written, and forgets it.
  @inline(__always)
  func takeOutput(_ body: (UnsafeRawBufferPointer) -> Void) {
    let bytes = unsafe output
    guard unsafe !bytes.isEmpty else { return }
    unsafe body(bytes)
    forgetOutput()
  }

  /// What sessions have written; good until more is encrypted.
  @inline(__always)
  var output: UnsafeRawBufferPointer {
    var count = 0
    guard let opened = unsafe opened else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    let base = unsafe ctls_channel_output(opened, &count)
    return unsafe UnsafeRawBufferPointer(start: base, count: count)
  }
}
