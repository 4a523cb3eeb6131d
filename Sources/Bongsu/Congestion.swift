internal import BongsuBytes
internal import BongsuReactor
import Synchronization

/// Bytes of messages that wait in a loop's inbox; any thread adds, the loop's own takes away.
final class InboxLoad: Sendable {
  private static var limit: Int { 32 << 20 }
  /// What a message costs besides its bytes.
  private static var overhead: Int { 8 << 10 }

  private let bytes = Atomic<Int>(0)

  var isTooHigh: Bool { bytes.load(ordering: .relaxed) > Self.limit }
  var isLow: Bool { bytes.load(ordering: .relaxed) < Self.limit / 2 }

  func add(_ count: Int) { bytes.add(count + Self.overhead, ordering: .relaxed) }
  func remove(_ count: Int) { bytes.subtract(count + Self.overhead, ordering: .relaxed) }
}

/// Slows down clients that publish faster than another loop can deliver: nothing is read from them until it has caught
/// up, so that what waits for it is bounded. Nobody else notices.
final class Congestion: TimerTarget {
  private static var patience: Duration { .milliseconds(8) }

  private unowned let hub: Hub
  private var held: [Connection] = []

  init(_ hub: Hub) { self.hub = hub }

  /// Holds the connection whose bytes are being handled.
  func holdReader() {
    guard let connection = hub.loop.reading, !connection.isHeld else { return }
    connection.isHeld = true
    held.append(connection)
    if held.count == 1 { wait() }
  }

  private func wait() { _ = hub.loop.schedule(self, at: hub.loop.now + Self.patience) }

  func deadlineReached(_ now: MonotonicTime) {
    guard hub.server.hubs.allSatisfy({ $0.load.isLow }) else { return wait() }
    let released = held
    held = []
    for connection in released { connection.isHeld = false }
  }
}
