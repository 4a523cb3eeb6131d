import CLoop
public import NIOCore

extension Connection {
  /// Hands the connection to another loop whole: its descriptor, bytes that were received and not yet used, and bytes
  /// that the kernel has not taken. `adopt` is called there with the connection's new self and the received bytes.
  /// The delegate is let go without a word, and this object is closed.
  public func move(to other: Loop, received: ByteBuffer, adopt: @escaping @Sendable (Connection, ByteBuffer) -> Void) {
    guard state == .open else { return }
    if firstLink != 0 {
      flush()
      guard state == .open else { return }
    }
    let waiting = backlog
    let fd = unsafe cloop_socket_detach(socket)
    let ended = inputEnded
    state = .closed
    loop.cancel(timer)
    timer = .none
    backlog = nil
    delegate = nil
    let luggage = Luggage(ticket: ticket)
    retire(moved: true)
    other.submit {
      guard let connection = Connection.open(fd: fd, on: other) else { return }
      connection.inputEnded = ended
      connection.ticket = luggage.ticket
      waiting?.forEach { piece in
        connection.send(piece)
        return true
      }
      adopt(connection, received)
    }
  }
}

/// A ticket on its way to another loop: one owner at a time.
private struct Luggage: @unchecked Sendable {
  let ticket: AnyObject?
}
