internal import BongsuBytes
internal import BongsuReactor
internal import BongsuSocketIO
internal import NIOCore

/// What is done with an acknowledgement, or with the news that none will come. The span is the packet's text.
typealias AckHandler = @Sendable (Result<IncomingAck, AckError>, RawSpan) -> Void

/// An acknowledgement as it came from a client.
struct IncomingAck {
  let arguments: ArgumentList
  let attachments: [ByteBuffer]
}

/// The acknowledgements that a socket waits for. On its loop.
struct PendingAcks {
  private var waiting: [UInt64: (handler: AckHandler, timeout: AckTimeout?)] = [:]

  var count: Int { waiting.count }

  mutating func add(_ id: UInt64, _ timeout: AckTimeout?, _ handler: @escaping AckHandler) {
    waiting[id] = (handler, timeout)
  }

  mutating func take(_ id: UInt64) -> AckHandler? {
    guard let found = waiting.removeValue(forKey: id) else { return nil }
    found.timeout?.cancel()
    return found.handler
  }

  /// Takes all of them: the client is gone.
  mutating func takeAll() -> [AckHandler] {
    let all = waiting.values
    waiting = [:]
    for one in all { one.timeout?.cancel() }
    return all.map(\.handler)
  }
}

/// Ends the wait for one acknowledgement.
final class AckTimeout: TimerTarget {
  private weak var socket: Socket?
  private let id: UInt64
  private let loop: Loop
  private var timer = TimerID.none

  init(_ socket: Socket, id: UInt64, after duration: Duration) {
    self.socket = socket
    self.id = id
    loop = socket.holder.hub.loop
    timer = loop.schedule(self, at: loop.now + duration)
  }

  func cancel() { loop.cancel(timer) }

  func deadlineReached(_ now: MonotonicTime) { socket?.ackTimedOut(id) }
}
