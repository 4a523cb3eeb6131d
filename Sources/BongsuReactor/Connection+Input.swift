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
    switch loop.receive(from: self) {
    case .bytes:
      guard state == .open else { return }
      loop.reading = self
      loop.withReceived { delegate?.received(&$0, on: self) }
      loop.reading = nil
    case .end:
      inputEnded = true
      if state == .lingering { return abort() }
      updateWatch()
      if state == .open { delegate?.inputEnded(on: self) }
    case .nothing: break
    case .failed: abort()
    }
  }
}
