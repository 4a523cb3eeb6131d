import CTLS

/// TLS of one connection.
///
/// Until the client says something there is nothing but this object: whoever opens connections and is silent costs no
/// session.
@safe
final class TLSSession {
  /// What became of a handshake.
  typealias Ready = (Connection, TLSOutcome) -> Void

  private let context: TLSContext
  private var opened: OpaquePointer?
  /// Told when the handshake is over; `nil` from then on.
  private(set) var ready: Ready?
  /// Nothing may be encrypted any more: close_notify or an alert was the last word.
  var isOver = false
  /// The client has said close_notify.
  var hasEnded = false
  /// Bytes of the session's own (key updates, alerts) that waited for the kernel since it last took everything.
  var ownWords = 0

  init(_ context: TLSContext, ready: @escaping Ready) {
    self.context = context
    self.ready = ready
  }

  deinit { if let opened = unsafe opened { unsafe ctls_session_close(opened) } }

  var isHandshaking: Bool { ready != nil }

  /// `nil` when there is no memory.
  var handle: OpaquePointer? {
    if unsafe opened == nil { unsafe opened = unsafe ctls_session_open(context.handle) }
    return unsafe opened
  }

  /// Nothing has been received so far.
  var isFresh: Bool { unsafe opened == nil }

  var isEstablished: Bool { unsafe opened.map { unsafe ctls_is_established($0) } ?? false }

  /// The handshake is over, and an earlier session went on with it.
  var isResumed: Bool { unsafe opened.map { unsafe ctls_is_resumed($0) } ?? false }

  /// Ends the handshake; returns whom to tell.
  func endHandshake() -> Ready? { ready.take() }

  /// Whom the client's certificate is for (RFC 4514), when it showed one.
  var clientName: String? {
    guard let opened = unsafe opened else { return nil }
    let name = unsafe String(unsafeUninitializedCapacity: Int(CTLS_TEXT_MAX)) { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { text in
        guard let base = text.baseAddress else { return 0 }
        return unsafe ctls_client_name(opened, base)
      }
    }
    return name.isEmpty ? nil : name
  }
}

/// How a handshake ended.
public enum TLSOutcome: Sendable {
  /// What is sent from now on is encrypted, what is received was.
  case established
  /// The client did not speak TLS but something that begins with a letter, as HTTP does. The connection is open and
  /// not secure; what the client said is thrown away.
  case plainText
  /// It was not TLS, or there was no agreement. The connection is finished already.
  case failed
}
