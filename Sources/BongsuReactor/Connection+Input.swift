import CLoop
import NIOCore

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

  private func receivePlain() {
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
    if state == .lingering { return abort() }
    updateWatch()
    if state == .open { delegate?.inputEnded(on: self) }
  }
}
