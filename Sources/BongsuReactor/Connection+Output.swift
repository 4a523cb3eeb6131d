import CLoop
public import NIOCore

extension Connection {
  /// Queues bytes that others are sent as well, by reference.
  public func send(shared frame: SharedFrame) {
    guard state == .open, frame.count > 0 else { return }
    queue(source: frame.index, offset: frame.offset, count: frame.count)
  }

  /// Queues bytes by reference; for what is large or kept elsewhere anyway.
  public func send(_ bytes: ByteBuffer) {
    guard state == .open, bytes.readableBytes > 0 else { return }
    send(shared: loop.share(bytes))
  }

  /// Queues what `body` appends to the loop's output buffer. It must only append.
  @inline(__always)
  public func write(_ body: (inout ByteBuffer) -> Void) {
    guard state == .open else { return }
    loop.output.turnScratch()
    let start = loop.output.scratch.writerIndex
    body(&loop.output.scratch)
    let count = loop.output.scratch.writerIndex - start
    guard count > 0 else { return }
    queue(
      source: loop.output.scratchSource, offset: UInt32(truncatingIfNeeded: start),
      count: UInt32(truncatingIfNeeded: count))
  }

  private func queue(source: UInt32, offset: UInt32, count: UInt32) {
    if firstLink == 0 { loop.output.speakers.append(self) }
    lastLink = loop.output.append(source: source, offset: offset, count: count, after: lastLink)
    if firstLink == 0 { firstLink = lastLink }
    queuedBytes += Int(count)
  }

  /// Gives this turn's output to the kernel.
  func flush() {
    guard state != .closed, firstLink != 0 else { return }
    if let tls { return flush(through: tls) }
    if backlog == nil, !sendRuns() { return }
    keepRuns()
    (firstLink, lastLink) = (0, 0)
    if backlog == nil, state == .finishing { lingerLater() }
    updateWatch()
  }

  // A flush happens in the middle of a turn, too, when much has piled up: nobody may be called back from it.

  func abortLater() {
    let connection = Unchecked(value: self)
    loop.submit { connection.value.abort() }
  }

  func lingerLater() {
    let connection = Unchecked(value: self)
    loop.submit {
      if connection.value.state == .finishing { connection.value.linger() }
    }
  }

  /// Sends from `firstLink` on and moves it to what is left (0: nothing); false when the connection died.
  private func sendRuns() -> Bool {
    while firstLink != 0 {
      let (sent, offered) = loop.sendRuns(of: self)
      if sent == Int(CLOOP_WOULD_BLOCK) { return true }
      if sent < 0 {
        (firstLink, lastLink) = (0, 0)
        abortLater()
        return false
      }
      queuedBytes -= sent
      loop.output.advance(&firstLink, by: sent)
      if sent < offered { return true }
    }
    return true
  }

  /// Moves what is left of this turn's runs into the backlog.
  private func keepRuns() {
    guard firstLink != 0 else { return }
    var backlog = self.backlog.take() ?? Backlog()
    var index = firstLink
    while index != 0 {
      let link = loop.output.links[Int(index)]
      if link.source & TurnOutput.scratchFlag != 0 {
        backlog.append(copying: loop.output.slice(link))
      } else {
        backlog.append(shared: loop.output.slice(link))
      }
      index = link.next
    }
    self.backlog = backlog
  }

  /// The socket takes bytes again.
  func drainBacklog() {
    while let pending = backlog {
      if pending.isEmpty {
        backlog = nil
        updateWatch()
        if state == .finishing { return linger() }
        if state == .open { delegate?.drained(self) }
        return
      }
      let (sent, offered) = loop.send(pending, of: self)
      if sent == Int(CLOOP_WOULD_BLOCK) { return }
      if sent < 0 { return abort() }
      queuedBytes -= sent
      backlog?.drop(sent)
      if sent < offered { return }
    }
  }
}

/// A connection on its way to the end of the same turn.
struct Unchecked: @unchecked Sendable {
  let value: Connection
}

/// Bytes that several connections are sent in this turn; a handle that is good until the turn ends.
public struct SharedFrame {
  let index: UInt32
  let offset: UInt32
  let count: UInt32
}
