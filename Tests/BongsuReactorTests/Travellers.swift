import BongsuBytes
import BongsuReactor
import NIOCore
import NIOConcurrencyHelpers

/// Echoes, and takes its connection to the other of two loops with everything it gets.
final class Traveller: ConnectionDelegate, @unchecked Sendable {
  private static let route = NIOLockedValueBox<[Loop]>([])
  static var loops: [Loop] {
    get { route.withLockedValue { $0 } }
    set { route.withLockedValue { $0 = newValue } }
  }

  private var hops: Int

  init(hops: Int) { self.hops = hops }

  func attach(_ connection: Connection) { connection.delegate = self }

  func received(_ span: inout MutableRawSpan, on connection: Connection) {
    var bytes = ByteBuffer()
    bytes.writeBytes(span.bytes)
    guard hops > 0, let other = Self.loops.first(where: { $0 !== connection.loop }) else {
      return connection.write { $0.writeImmutableBuffer(bytes) }
    }
    hops -= 1
    // Half is answered here, half there.
    let here = bytes.readSlice(length: bytes.readableBytes / 2) ?? ByteBuffer()
    connection.write { $0.writeImmutableBuffer(here) }
    connection.move(to: other, received: bytes) { connection, received in
      self.attach(connection)
      connection.write { $0.writeImmutableBuffer(received) }
    }
  }

  func inputEnded(on connection: Connection) { connection.finish() }
  func drained(_ connection: Connection) {}
  func deadlineReached(_ now: MonotonicTime, on connection: Connection) {}
  func closed(_ connection: Connection) {}
}

/// Goes on when the peer has ended its side.
final class HalfOpen: ConnectionDelegate, @unchecked Sendable {
  private(set) var connection: Connection?
  private let entries = NIOLockedValueBox<[String]>([])

  var log: [String] { entries.withLockedValue { $0 } }
  private func note(_ entry: String) { entries.withLockedValue { $0.append(entry) } }

  func attach(_ connection: Connection) {
    self.connection = connection
    connection.delegate = self
    note("attached")
  }

  func received(_ span: inout MutableRawSpan, on connection: Connection) {
    var bytes = ByteBuffer()
    bytes.writeBytes(span.bytes)
    connection.write { $0.writeImmutableBuffer(bytes) }
  }
  func inputEnded(on connection: Connection) { note("ended") }
  func drained(_ connection: Connection) {}
  func deadlineReached(_ now: MonotonicTime, on connection: Connection) {}
  func closed(_ connection: Connection) { note("closed") }
}

/// Counts a loop's turns.
final class Turns: LoopDelegate, @unchecked Sendable {
  private(set) var count = 0
  private let onEnd: () -> Void

  init(_ onEnd: @escaping () -> Void = {}) { self.onEnd = onEnd }

  func turnEnding(on loop: Loop) {
    count += 1
    onEnd()
  }

  func arrivalsBegin(on loop: Loop) {}

  func mayGoOn(on loop: Loop) -> Bool { true }

  func connectionClosed(on loop: Loop) {}

  func loopEnding(on loop: Loop) {}
}
