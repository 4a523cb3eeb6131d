import CLoop
public import NIOCore

extension Connection {
  /// Hands the connection to another loop whole: its descriptor, its TLS, bytes that were received and not yet used,
  /// and bytes that the kernel has not taken. `adopt` is called there with the connection's new self and the received
  /// bytes. The delegate is let go without a word, and this object is closed.
  public func move(to other: Loop, received: ByteBuffer, adopt: @escaping @Sendable (Connection, ByteBuffer) -> Void) {
    guard state == .open else { return }
    if runs != 0 {
      flush()
      guard state == .open else { return }
    }
    let luggage = Luggage(
      fd: unsafe cloop_socket_detach(socket), inputEnded: inputEnded, backlog: backlog,
      queuedBytes: queuedBytes, ticket: ticket, tls: tls)
    state = .closed
    loop.cancel(timer)
    timer = .none
    backlog = nil
    delegate = nil
    retire(moved: true)
    other.submit {
      guard let connection = luggage.unpack(on: other) else {
        other.delegate?.connectionClosed(on: other)
        return
      }
      adopt(connection, received)
      // The peer's close_notify came with the last bytes before the move.
      if connection.tls?.hasEnded == true, !connection.hasPutBack { connection.endInput() }
    }
  }
}

/// A connection on its way to another loop: one owner at a time.
private final class Luggage: @unchecked Sendable {
  private var fd: Int32
  private let inputEnded: Bool
  private let backlog: Backlog?
  private let queuedBytes: Int
  private let ticket: AnyObject?
  private let tls: TLSSession?

  init(
    fd: Int32, inputEnded: Bool, backlog: Backlog?, queuedBytes: Int, ticket: AnyObject?, tls: TLSSession?
  ) {
    self.fd = fd
    self.inputEnded = inputEnded
    self.backlog = backlog
    self.queuedBytes = queuedBytes
    self.ticket = ticket
    self.tls = tls
  }

  func unpack(on loop: Loop) -> Connection? {
    let fd = self.fd
    self.fd = -1
    guard let connection = Connection.open(fd: fd, on: loop) else { return nil }
    connection.ticket = ticket
    connection.tls = tls
    connection.inputEnded = inputEnded
    // As it is: what waits under TLS is encrypted already.
    connection.backlog = backlog
    connection.queued = queuedBytes
    connection.updateWatch()
    return connection
  }

  // The loop ended before it came to unpacking.
  deinit { if fd >= 0 { cloop_close_fd(fd) } }
}
