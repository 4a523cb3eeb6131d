import CLoop
import CRing

// How a turn's output leaves: by a system call for each connection, or where there is io_uring, by one for very many.
extension Loop {
  func flush() {
    answers.left()
    guard !output.isEmpty else { return }
    if let ring, output.speakers.count >= batching.fewest { flush(by: ring) } else { flushEach() }
    output.reset()
  }

  private func flushEach() {
    let speakers = output.speakers
    for index in speakers.indices {
      speakers.prefetch(index + 1)
      speakers.lend(index) { $0.flush() }
    }
  }

  private func flush(by ring: Ring) {
    // Held once for all: nobody has anything to add in a flush.
    let speakers = output.speakers
    for index in speakers.indices {
      speakers.prefetch(index + Self.speakersAhead)
      speakers.lend(index) { connection in
        if !ring.hasFailed, lend(connection, at: index, to: ring) { return }
        // It may use the channel, where others' ciphertext lies.
        if tls.hasOutput { submit(ring, of: speakers) }
        connection.flush()
      }
      if ring.room == sealed.count || tls.isFull { submit(ring, of: speakers) }
    }
    submit(ring, of: speakers)
    if ring.hasFailed { self.ring = nil }
  }

  /// Takes a connection's output for the ring; false when it has to leave in another way.
  @inline(__always)
  private func lend(_ connection: Connection, at speaker: Int, to ring: Ring) -> Bool {
    if let run = connection.lendRun() {
      let link = output.links[Int(run)]
      unsafe ring.add(
        output.base(of: link), count: link.count, to: connection.fd, tag: UInt64(speaker) << 32 | UInt64(run))
      return true
    }
    guard let piece = connection.sealRuns() else { return false }
    sealed.append((speaker, piece))
    return true
  }

  private func submit(_ ring: Ring, of speakers: [Connection]) {
    for (index, (speaker, piece)) in sealed.enumerated() {
      let tag = UInt64(speaker) << 32 | Self.sealedTag | UInt64(index)
      unsafe ring.add(
        tls.output.baseAddress! + piece.lowerBound, count: UInt32(piece.count), to: speakers[speaker].fd,
        tag: tag)
    }
    ring.submit { tag, sent in
      let speaker = Int(tag >> 32)
      speakers.prefetch(speaker + Self.speakersAhead)
      speakers.lend(speaker) { connection in
        if tag & Self.sealedTag == 0 {
          connection.returnRun(UInt32(truncatingIfNeeded: tag), sent: sent)
        } else {
          connection.returnSealed(sealed[Int(tag & (Self.sealedTag - 1))].piece, sent: sent)
        }
      }
    }
    sealed.removeAll(keepingCapacity: true)
    tls.forgetOutput()
  }

  /// How far ahead to fetch where each takes some nanoseconds and not a system call.
  private static var speakersAhead: Int { 6 }

  /// Tells ciphertext from runs; there are never so many of those.
  private static var sealedTag: UInt64 { 1 << 31 }

  /// Why output cannot leave by io_uring in this process; nil when it can.
  public static func obstacleToRings() -> RingError? { Ring.obstacle() }

  /// The ring belongs to the loop's thread.
  func openRing() {
    if batching.entries > 0 { ring = try? Ring(entries: batching.entries) }
  }
}

// MARK: - Answers

extension Loop {
  /// Whether an answer of so many bytes waits for others; it has left already when so many do that they would not stay
  /// in the processor's cache.
  @inline(__always)
  func gathers(answer bytes: Int) -> Bool {
    guard ring != nil, answers.mayWait(bytes, fewest: batching.fewest) else { return false }
    answers.wait()
    if output.answerBytes > Self.warmBytes { flush() }
    return true
  }

  private static var warmBytes: Int { 128 << 10 }
}

extension [Connection] {
  /// Lends one without taking hold of it, which the array does.
  @inline(__always)
  fileprivate func lend(_ index: Int, _ body: (Connection) -> Void) {
    unowned(unsafe) let connection = self[index]
    unsafe body(connection)
  }

  /// One whose turn comes soon: of thousands, and behind what the kernel does for each, none is in the processor's
  /// caches any more.
  @inline(__always)
  fileprivate func prefetch(_ index: Int) {
    guard index < count else { return }
    lend(index) { unsafe cloop_prefetch(Unmanaged.passUnretained($0).toOpaque()) }
  }
}

extension Connection {
  /// This turn's output, if it is one run of bytes that can be given to the kernel as it is. It must be returned.
  @inline(__always)
  fileprivate func lendRun() -> UInt32? {
    let run = runs
    guard run != 0, state != .closed, extras == nil || (tls == nil && backlog == nil),
      loop.output.links[Int(run)].next == run
    else { return nil }
    runs = 0
    return run
  }

  /// The run is back from the ring: what is left of it takes the way of any other.
  @inline(__always)
  fileprivate func returnRun(_ run: UInt32, sent: Int32) {
    let count = Int(loop.output.links[Int(run)].count)
    if Int(sent) == count, tookAll(count) { return }
    runs = run
    if sent == CRING_NOT_TRIED { return flush() }
    flush(afterSending: loop.counted(Int(sent)), of: count)
  }
}
