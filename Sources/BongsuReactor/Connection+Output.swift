public import BongsuBytes
import CLoop
public import NIOCore

extension Connection {
  /// Queues bytes that others are sent as well, by reference.
  public func send(shared frame: SharedFrame) {
    guard state == .open, frame.count > 0 else { return }
    loop.counters.messagesSent &+= 1
    queue(frame)
  }

  /// Whether nothing waits for the kernel, and no more than `limit` bytes for the end of the turn.
  public func takes(upTo limit: Int) -> Bool { backlog == nil && queued <= limit }

  /// Whether no more than `limit` bytes are queued, once the kernel has taken what it takes now: a turn may bring more
  /// than that for a peer that reads well. Nobody is called back.
  public func makesRoom(upTo limit: Int) -> Bool {
    if queued > limit, backlog == nil { flush() }
    return queued <= limit
  }

  /// Queues bytes by reference; for what is large or kept elsewhere anyway.
  public func send(_ bytes: ByteBuffer) {
    guard state == .open, bytes.readableBytes > 0 else { return }
    queue(loop.share(bytes))
  }

  /// Queues a few bytes and, behind them, others.
  public func send(_ head: ShortBytes, _ payload: RawSpan) {
    guard state == .open else { return }
    queue(
      loop.output.write(limit: ShortBytes.capacity + payload.byteCount) {
        $0.append(head)
        $0.append(contentsOf: payload)
      })
  }

  /// Queues what `body` appends to the loop's output, at most `limit` bytes. It must do nothing else.
  public func write(limit: Int, _ body: (inout OutputRawSpan) -> Void) {
    guard state == .open else { return }
    let run = loop.output.write(limit: limit, body)
    if run.count > 0 { queue(run) }
  }

  /// Queues what `body` appends to a buffer; for what does not know beforehand how long it will be.
  public func write(_ body: (inout ByteBuffer) -> Void) {
    guard state == .open else { return }
    loop.scratch.clear()
    body(&loop.scratch)
    let bytes = loop.scratch
    guard bytes.readableBytes > Loop.scratchBytes else {
      return write(limit: bytes.readableBytes) { $0.append(contentsOf: bytes.readableBytesSpan) }
    }
    send(bytes)
    loop.scratch = ByteBuffer()
  }

  private func queue(_ run: SharedFrame) {
    runs = loop.output.append(run, after: runs, for: self)
    queued += Int(run.count)
  }

  /// Gives this turn's output to the kernel.
  func flush() {
    guard runs != 0, state != .closed else { return }
    if let tls { return flush(through: tls) }
    if backlog == nil, !sendRuns() { return }
    endFlush()
  }

  /// As ``flush()``, when the kernel was offered so many bytes before and has taken some.
  func flush(afterSending sent: Int, of offered: Int) {
    switch account(sent, of: offered) {
    case .tookAll where runs != 0: flush()
    case .tookAll, .tookSome: endFlush()
    case .failed: break
    }
  }

  private func endFlush() {
    keepRuns()
    if backlog == nil, state == .finishing { lingerLater() }
    updateWatch()
  }

  /// Gives the kernel at once what nobody but this client is told, while it is fresh in the processor's cache, unless
  /// it had better leave together with others' answers. What is for many waits for the end of the turn: more may come
  /// for the same connections.
  func flushAnswers() {
    if loop.answers.areOverdue { loop.flush() }
    let answer = runs
    guard answer != 0, loop.output.isAnswer(answer) else { return }
    if loop.gathers(answer: queued) { return }
    flush()
    loop.output.forgetAnswer(answer)
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

  private enum Progress {
    case tookAll, tookSome, failed
  }

  /// Sends `runs` and moves it to what is left (0: nothing); false when the connection died.
  private func sendRuns() -> Bool {
    while runs != 0 {
      let (sent, offered) = loop.sendRuns(of: self)
      switch account(sent, of: offered) {
      case .tookAll: continue
      case .tookSome: return true
      case .failed: return false
      }
    }
    return true
  }

  /// The kernel was offered the first bytes of `runs`.
  @inline(__always)
  private func account(_ sent: Int, of offered: Int) -> Progress {
    if sent == Int(CLOOP_WOULD_BLOCK) { return .tookSome }
    if sent < 0 {
      runs = 0
      abortLater()
      return .failed
    }
    queued -= sent
    runs = loop.output.advance(runs, by: sent)
    return sent < offered ? .tookSome : .tookAll
  }

  /// Moves what is left of this turn's runs into the backlog.
  private func keepRuns() {
    guard runs != 0 else { return }
    let backlog = self.backlog ?? Backlog()
    loop.output.keep(runs, in: backlog)
    runs = 0
    self.backlog = backlog
  }

  /// The socket takes bytes again.
  func drainBacklog() {
    while let pending = backlog {
      if pending.isEmpty {
        backlog = nil
        updateWatch()
        // What this turn has brought since leaves first; whoever flushes it goes on.
        if state == .finishing {
          if runs == 0 { linger() }
          return
        }
        if state == .open { delegate?.drained(self) }
        return
      }
      let (sent, offered) = loop.send(pending, of: self)
      if sent == Int(CLOOP_WOULD_BLOCK) { return }
      if sent < 0 { return abort() }
      queued -= sent
      pending.drop(sent)
      if sent < offered { return }
    }
  }
}

/// A connection on its way to the end of the same turn.
struct Unchecked: @unchecked Sendable {
  let value: Connection
}

/// Bytes that one or several connections are sent in this turn; a handle that is good until the turn ends.
public struct SharedFrame {
  /// Which of the turn's buffers.
  let source: UInt32
  let offset: UInt32
  let count: UInt32
}
