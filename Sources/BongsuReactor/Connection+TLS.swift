import BongsuBytes
import CLoop
import CRing
import NIOCore

// The rest of a connection sees plaintext; this is all that lies between it and the socket.
extension Connection {
  /// How much of a session's own words (key updates, alerts) may wait for a client that does not read.
  private static var ownWordsMaximum: Int { 64 << 10 }

  /// Whether what is sent and received here is encrypted.
  public var isSecure: Bool { tls != nil }

  /// Whom the client's certificate is for, as `CN=name,O=organisation` (RFC 4514); `nil` without one.
  public var clientCertificateName: String? { tls?.clientName }

  /// Speaks TLS, as the server, from the first byte on. Nothing may have been sent or received before, nothing may be
  /// sent and there is no use for a delegate until `ready` is called, once, unless the client goes away before or takes
  /// longer than `time`.
  public func secure(
    with context: TLSContext, within time: Duration, ready: @escaping (Connection, TLSOutcome) -> Void
  ) {
    guard state == .open, tls == nil else { return }
    tls = TLSSession(context, ready: ready)
    setDeadline(loop.now + time)
  }

  // MARK: Input

  func receive(through session: TLSSession) {
    if session.isHandshaking, state == .open, !loop.tls.handshakes.admits(self) {
      readingPaused = true
      return updateWatch()
    }
    takeStep(session)
  }

  /// It is this connection's turn in the loop's queue of handshakes.
  func takeStep() {
    guard state == .open, let session = tls else { return }
    readingPaused = false
    updateWatch()
    takeStep(session)
  }

  private func takeStep(_ session: TLSSession) {
    switch loop.receive(from: self) {
    case .bytes: if state == .open { received(through: session) }
    case .end:
      // Without close_notify, too: what speaks here knows by itself where its messages end.
      if session.isHandshaking { abort() } else { endInput() }
    case .nothing: break
    case .failed: abort()
    }
  }

  func received(through session: TLSSession) {
    if session.isFresh, let first = unsafe loop.received.bytes.first, (0x41...0x5A).contains(first) {
      tls = nil
      setDeadline(.never)
      loop.counters.handshakesFailed &+= 1
      session.endHandshake()?(self, .plainText)
      return
    }
    let waiting = queuedBytes
    let progress = loop.tls.decrypt(loop.received, of: session)
    if backlog == nil { session.ownWords = 0 }
    guard deliver() else { return abort() }
    session.ownWords += queuedBytes - waiting
    if session.ownWords > Self.ownWordsMaximum { return abort() }
    if session.isHandshaking {
      if session.isEstablished {
        setDeadline(.never)
        loop.counters.handshakesCompleted &+= 1
        if session.isResumed { loop.counters.handshakesResumed &+= 1 }
        session.endHandshake()?(self, .established)
      } else if progress != .more {
        return refuse(session)
      }
    }
    // Before its bytes take the connection elsewhere, perhaps.
    if case .ended = progress { session.hasEnded = true }
    if loop.tls.plaintext.count > 0, state == .open { loop.tls.plaintext.withBytes { handOn(&$0) } }
    switch progress {
    case .more: break
    case .ended: if !hasPutBack { endInput() }
    case .failed: abort()
    }
  }

  /// The alert is on its way; the client gets the time to read it.
  private func refuse(_ session: TLSSession) {
    session.isOver = true
    loop.counters.handshakesFailed &+= 1
    finish()
    session.endHandshake()?(self, .failed)
  }

  // MARK: Output

  /// Encrypts what this turn brought and gives it to the kernel.
  func flush(through session: TLSSession) {
    let isAlive = encryptRuns(session, isAlone: true) && deliver()
    runs = 0
    guard isAlive else {
      // What the loop's channel still holds must not leave with the next session's.
      loop.tls.forgetOutput()
      return abortLater()
    }
    endSecureFlush()
  }

  private func endSecureFlush() {
    if backlog == nil, state == .finishing { lingerLater() }
    updateWatch()
  }

  /// Encrypts this turn's output behind what the loop's channel holds already, if that is not much, and returns where
  /// it lies; `nil` when it has to leave alone. It must be returned.
  func sealRuns() -> Range<Int>? {
    guard runs != 0, state != .closed, let tls, backlog == nil, queued <= Self.sealedMaximum else { return nil }
    let start = loop.tls.outputCount
    let isAlive = encryptRuns(tls, isAlone: false)
    runs = 0
    if isAlive { return start..<loop.tls.outputCount }
    // Nobody sends what lies there of it.
    abortLater()
    return nil
  }

  /// The ciphertext is back from the ring.
  func returnSealed(_ piece: Range<Int>, sent: Int32) {
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: loop.tls.output[piece])
    let isAlive = unsafe sent == CRING_NOT_TRIED ? deliver(bytes) : keep(bytes, after: loop.counted(Int(sent)))
    if isAlive { endSecureFlush() } else { abortLater() }
  }

  private static var sealedMaximum: Int { 64 << 10 }

  /// Encrypts this turn's runs; false when that failed. `isAlone`: the loop's channel holds nobody else's ciphertext,
  /// so the kernel gets what comes to more than a portion on the way.
  private func encryptRuns(_ session: TLSSession, isAlone: Bool) -> Bool {
    let channel = loop.tls
    var isAlive = true
    unsafe loop.forEachRun(of: self) { bytes in
      queued -= bytes.count
      var start = 0
      while isAlive, start < bytes.count {
        let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + TLSChannel.portion, bytes.count)])
        isAlive = unsafe channel.encrypt(part, for: session)
        if isAlone, isAlive, channel.isFull { isAlive = channel.complete(session) && deliver() }
        start += part.count
      }
      return isAlive
    }
    return isAlive && channel.complete(session)
  }

  /// Gives the kernel what the session has written and keeps what it does not take; false when the socket has failed.
  private func deliver() -> Bool {
    var isAlive = true
    unsafe loop.tls.takeOutput { bytes in isAlive = unsafe deliver(bytes) }
    return isAlive
  }

  private func deliver(_ bytes: UnsafeRawBufferPointer) -> Bool {
    unsafe keep(bytes, after: backlog == nil ? loop.send(bytes, of: self) : Int(CLOOP_WOULD_BLOCK))
  }

  /// Keeps what the kernel has not taken; false when the socket has failed.
  private func keep(_ bytes: UnsafeRawBufferPointer, after sent: Int) -> Bool {
    guard sent >= 0 || sent == Int(CLOOP_WOULD_BLOCK) else { return false }
    guard sent < bytes.count else { return true }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[max(0, sent)...])
    let backlog = self.backlog ?? Backlog()
    unsafe backlog.append(copying: rest)
    self.backlog = backlog
    queued += rest.count
    return true
  }

  /// Says close_notify; false when it has to wait for the kernel.
  func sayGoodbye(through session: TLSSession) -> Bool {
    if session.isOver { return true }
    session.isOver = true
    loop.tls.finish(session)
    _ = deliver()
    updateWatch()
    return backlog == nil
  }
}

extension Loop {
  /// Goes on with handshakes that had to wait; as many as this turn has left.
  func continueHandshakes() {
    while let connection = tls.handshakes.next() { connection.takeStep() }
    tls.handshakes.renew()
    // What is left comes with the next turn, which must not wait for anything else to happen.
    if !tls.handshakes.isEmpty { unsafe cloop_wake(handle) }
  }

  /// How many steps of TLS handshakes the loop takes in a turn, before it looks after its other connections again.
  public var handshakesPerTurn: Int {
    get { tls.handshakes.stepsPerTurn }
    set { tls.handshakes.stepsPerTurn = max(1, newValue) }
  }

  /// Whether a handshake may take a step in this turn.
  public var takesHandshakes: Bool { tls.handshakes.isFree }

  fileprivate func send(_ bytes: UnsafeRawBufferPointer, of connection: Connection) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var slice = unsafe cloop_slice(bytes: base, count: bytes.count)
    return counted(unsafe cloop_send(connection.fd, &slice, 1))
  }
}
