import CLoop
public import NIOCore

extension Connection {
  /// The poll brought something.
  func ready(readable: Bool, writable: Bool, failed: Bool) {
    if failed { return abort() }
    if writable, backlog != nil { drainBacklog() }
    if readable, state != .closed, !inputEnded { receive() }
  }

  private func receive() {
    if let tls { receive(through: tls) } else { receivePlain() }
    flushAnswers()
  }

  /// Takes bytes that somebody else has read from the socket, before anything else is read from it; with TLS, they are
  /// ciphertext. The delegate is there, or TLS is about to begin, which takes a step of the loop's
  /// ``Loop/takesHandshakes``.
  public func receive(first bytes: ByteBuffer) {
    guard state == .open, bytes.readableBytes > 0 else { return }
    var rest = bytes
    if tls == nil {
      var bytes = rest.mutableReadableBytesSpan
      handOn(&bytes)
    }
    if tls?.isHandshaking == true, loop.takesHandshakes { _ = loop.tls.handshakes.admits(self) }
    while state == .open, let tls, rest.readableBytes > 0 {
      loop.received.fill(from: &rest)
      received(through: tls)
      // Nobody can have said so much before the handshake was over.
      if hasPutBack, rest.readableBytes > 0 { return abort() }
    }
    flushAnswers()
  }

  private func receivePlain() {
    // By the time the kernel has copied the bytes, who is told of them is at hand.
    if let delegate { unsafe cloop_prefetch(Unmanaged<AnyObject>.passUnretained(delegate).toOpaque()) }
    switch loop.receive(from: self) {
    case .bytes: if state == .open { loop.received.withBytes { handOn(&$0) } }
    case .end: endInput()
    case .nothing: break
    case .failed: abort()
    }
  }

  func handOn(_ bytes: inout MutableRawSpan) {
    loop.reading = self
    delegate?.received(&bytes, on: self)
    loop.reading = nil
  }

  /// The peer will send nothing more.
  func endInput() {
    guard state != .closed, !inputEnded else { return }
    inputEnded = true
    // Whoever hears of it may end the connection at once: what was answered before leaves.
    flush()
    if state == .lingering { return abort() }
    updateWatch()
    if state == .open { delegate?.inputEnded(on: self) }
  }
}
