import Bongsu
import BongsuBytes
import BongsuReactor
import NIOCore

/// A client's end of one connection. On the clients' loop, but for the initializer.
final class Wire: ConnectionDelegate, @unchecked Sendable {
  private let network: TestNetwork
  private let pair: DescriptorPair
  private var connection: Connection?
  /// Is handed what comes, all of it.
  var onBytes: (ByteBuffer) -> Void = { _ in }
  /// The connection is over; called once, and not when it was this side that closed it.
  var onEnd: () -> Void = {}

  /// Connects to a loop of the server.
  init(_ network: TestNetwork, to server: Server, onLoop index: Int) throws(TestKitError) {
    self.network = network
    pair = try DescriptorPair()
    server.serve(descriptor: pair.server, onLoop: index)
  }

  /// Begins to read; before anything else.
  func open() {
    network.acted()
    connection = Connection.open(fd: pair.client, on: network.loop)
    connection?.delegate = self
    if connection == nil { onEnd() }
  }

  func send(_ bytes: ByteBuffer) {
    network.acted()
    connection?.send(bytes)
  }

  func stopReading() { connection?.pauseReading() }

  func startReading() {
    network.acted()
    connection?.resumeReading()
  }

  /// Closes without a word.
  func cut(reset: Bool = false) {
    network.acted()
    onEnd = {}
    onBytes = { _ in }
    if reset, connection != nil { pair.leaveUnreadByte() }
    connection?.abort()
  }

  /// Closes when everything that was said is sent.
  func finish() {
    network.acted()
    onEnd = {}
    connection?.finish(lingering: false)
  }

  // MARK: ConnectionDelegate

  func received(_ bytes: inout MutableRawSpan, on connection: Connection) {
    network.acted()
    onBytes(ByteBuffer(initialCapacity: bytes.byteCount) { $0.append(contentsOf: bytes.bytes) })
  }

  func inputEnded(on connection: Connection) {
    network.acted()
    connection.abort()
  }

  func drained(_ connection: Connection) { network.acted() }

  func deadlineReached(_ now: MonotonicTime, on connection: Connection) {}

  func closed(_ connection: Connection) {
    network.acted()
    self.connection = nil
    let ended = onEnd
    (onBytes, onEnd) = ({ _ in }, {})
    ended()
  }
}
