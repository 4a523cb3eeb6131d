import NIOCore

/// Who may go on with a TLS handshake in this turn.
///
/// A step of a handshake costs as much as hundreds of messages. When thousands come back at once, a loop takes a few
/// steps a turn, oldest first, and serves everybody else in between; what the others sent waits in the kernel.
struct HandshakeQueue {
  /// Steps that a loop takes in one turn.
  var stepsPerTurn = 8 { didSet { left = stepsPerTurn } }
  private var left = 8
  private var waiting: CircularBuffer<Connection> = []

  var isEmpty: Bool { waiting.isEmpty }

  /// Whether anybody may take a step now.
  var isFree: Bool { left > 0 && waiting.isEmpty }

  /// Whether the connection may take a step now; else it will be returned by ``next()``.
  mutating func admits(_ connection: Connection) -> Bool {
    if left > 0, waiting.isEmpty {
      left -= 1
      return true
    }
    waiting.append(connection)
    return false
  }

  /// The next one whose turn it is.
  mutating func next() -> Connection? {
    guard left > 0, let connection = waiting.popFirst() else { return nil }
    left -= 1
    return connection
  }

  /// A turn has ended.
  mutating func renew() { left = stepsPerTurn }
}
