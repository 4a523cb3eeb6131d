import CLoop
public import NIOCore

// How bytes get from sockets to connections and back.
extension Loop {
  /// A scratch buffer that has become larger than this is not kept.
  static var scratchBytes: Int { 64 << 10 }

  enum Receipt {
    case bytes, end, nothing, failed
  }

  /// Reads from the connection's socket into the loop's buffer.
  func receive(from connection: Connection) -> Receipt {
    var result = 0
    unsafe received.fill { memory in
      result = unsafe cloop_receive(connection.fd, memory.baseAddress!, memory.count)
      return result
    }
    if result > 0 {
      counters.bytesReceived &+= result
      return .bytes
    }
    return result == 0 ? .end : result == Int(CLOOP_WOULD_BLOCK) ? .nothing : .failed
  }

  /// Makes bytes known to this turn, to be sent to any number of connections by reference.
  public func share(_ bytes: ByteBuffer) -> SharedFrame { output.share(bytes) }

  /// Calls `body` with each run of what a connection has to say in this turn, as long as it returns true.
  @inline(__always)
  func forEachRun(of connection: Connection, _ body: (UnsafeRawBufferPointer) -> Bool) {
    let last = connection.runs
    var index = last
    repeat {
      index = output.links[Int(index)].next
      let link = output.links[Int(index)]
      let bytes = unsafe UnsafeRawBufferPointer(start: output.base(of: link), count: Int(link.count))
      guard unsafe body(bytes) else { return }
    } while index != last
  }

  func sendRuns(of connection: Connection) -> (sent: Int, offered: Int) {
    var (count, offered) = (0, 0)
    unsafe forEachRun(of: connection) { bytes in
      unsafe slices[count] = unsafe cloop_slice(bytes: bytes.baseAddress!, count: bytes.count)
      offered += bytes.count
      count += 1
      return unsafe count < slices.count
    }
    return (counted(unsafe cloop_send(connection.fd, slices.baseAddress!, count)), offered)
  }

  /// Counts what the kernel has taken, if it has.
  func counted(_ sent: Int) -> Int {
    if sent > 0 { counters.bytesSent &+= sent }
    return sent
  }

  func send(_ backlog: Backlog, of connection: Connection) -> (sent: Int, offered: Int) {
    var (count, offered) = (0, 0)
    backlog.forEach { piece in
      unsafe slices[count] = unsafe piece.cloopSlice(at: piece.readerIndex, count: piece.readableBytes)
      offered += piece.readableBytes
      count += 1
      return unsafe count < slices.count
    }
    return (counted(unsafe cloop_send(connection.fd, slices.baseAddress!, count)), offered)
  }
}

extension ByteBuffer {
  /// Some of the bytes, which must have been written, for one system call. The pointer stays good because the turn's
  /// output or the backlog holds the storage, and nobody writes to it before the call has returned.
  @inline(__always)
  fileprivate func cloopSlice(at index: Int, count: Int) -> cloop_slice {
    unsafe withVeryUnsafeBytes { bytes in
      unsafe cloop_slice(bytes: (bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!) + index, count: count)
    }
  }
}
