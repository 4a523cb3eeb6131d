import CRing

// How a turn's output leaves: by a system call for each connection, or where there is io_uring, by one for very many.
extension Loop {
  func flush() {
    guard !output.isEmpty else { return }
    if let ring, output.speakers.count >= batching.fewest { flush(by: ring) } else { flushEach(from: 0) }
    output.reset()
  }

  private func flushEach(from start: Int) {
    var index = start
    while index < output.speakers.count {
      output.speakers[index].flush()
      index += 1
    }
  }

  private func flush(by ring: Ring) {
    var index = 0
    while index < output.speakers.count {
      let connection = output.speakers[index]
      if !ring.hasFailed, let run = connection.lendRun() {
        let link = output.links[Int(run)]
        unsafe ring.add(
          output.base(of: link), count: link.count, to: connection.fd, tag: UInt64(index) << 32 | UInt64(run))
        if ring.isFull { submit(ring) }
      } else {
        connection.flush()
      }
      index += 1
    }
    submit(ring)
    if ring.hasFailed { self.ring = nil }
  }

  private func submit(_ ring: Ring) {
    ring.submit { tag, sent in
      let connection = output.speakers[Int(tag >> 32)]
      connection.returnRun(UInt32(truncatingIfNeeded: tag), sent: sent)
    }
  }

  /// Why output cannot leave by io_uring in this process; nil when it can.
  public static func obstacleToRings() -> RingError? { Ring.obstacle() }

  /// The ring belongs to the loop's thread.
  func openRing() {
    if batching.entries > 0 { ring = try? Ring(entries: batching.entries) }
  }
}

extension Connection {
  /// This turn's output, if it is one run of bytes that can be given to the kernel as it is. It must be returned.
  @inline(__always)
  fileprivate func lendRun() -> UInt32? {
    let run = runs
    guard run != 0, state != .closed, tls == nil, backlog == nil, loop.output.links[Int(run)].next == run else {
      return nil
    }
    runs = 0
    return run
  }

  /// The run is back from the ring: what is left of it takes the way of any other.
  @inline(__always)
  fileprivate func returnRun(_ run: UInt32, sent: Int32) {
    runs = run
    if sent == CRING_NOT_TRIED { return flush() }
    flush(afterSending: loop.counted(Int(sent)), of: Int(loop.output.links[Int(run)].count))
  }
}
