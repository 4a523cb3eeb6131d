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
    case .bytes:
      guard state == .open else { return }
      loop.reading = self
      loop.withReceived { delegate?.received(&$0, on: self) }
      loop.reading = nil
    case .end: endInput()
    case .nothing: break
    case .failed: abort()
    }
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
