import BongsuBytes
import BongsuReactor
import NIOCore
import NIOConcurrencyHelpers

/// A delegate that writes down what it is told. Its connection is for the loop's thread, the log for any.
final class Handler: ConnectionDelegate, @unchecked Sendable {
  /// The connection it was last attached to.
  private(set) var connection: Connection?
  private let entries = NIOLockedValueBox<[String]>([])
  private let onReceived: (inout ByteBuffer, Connection) -> Void

  init(_ onReceived: @escaping (inout ByteBuffer, Connection) -> Void = { _, _ in }) {
    self.onReceived = onReceived
  }

  /// One that sends back whatever it gets, and closes when the peer does.
  static func echo() -> Handler {
    Handler { bytes, connection in connection.write { $0.writeImmutableBuffer(bytes) } }
  }

  func attach(_ connection: Connection) {
    self.connection = connection
    connection.delegate = self
    note("attached")
  }

  var log: [String] { entries.withLockedValue { $0 } }
  func note(_ entry: String) { entries.withLockedValue { $0.append(entry) } }

  func received(_ bytes: inout MutableRawSpan, on connection: Connection) {
    var copy = ByteBuffer()
    copy.writeBytes(bytes.bytes)
    onReceived(&copy, connection)
  }
  func inputEnded(on connection: Connection) {
    note("ended")
    connection.finish()
  }
  func drained(_ connection: Connection) { note("drained, \(connection.queuedBytes) left") }
  func deadlineReached(_ now: MonotonicTime, on connection: Connection) { note("deadline") }
  func closed(_ connection: Connection) { note("closed") }
}

/// Bytes that tell where they are missing or doubled: a counter of four bytes each.
func numberedBytes(_ count: Int) -> ByteBuffer {
  let numbers = (0..<UInt32(count + 3) / 4).map(\.self)
  let bytes = unsafe numbers.withUnsafeBytes { unsafe ByteBuffer(bytes: $0) }
  return bytes.getSlice(at: 0, length: count) ?? ByteBuffer()
}
