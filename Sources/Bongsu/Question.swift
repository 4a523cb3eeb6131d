internal import BongsuSession
internal import BongsuBytes
internal import BongsuReactor
internal import BongsuSocketIO
internal import NIOCore

/// One loop's part of a broadcast that is to be acknowledged: whom it has asked here. On its loop.
final class Question: TimerTarget, @unchecked Sendable {
  private let id: UInt64
  private let loop: Loop
  private let answers: AckCollector
  private var sockets: [Socket] = []
  private var missing = 0
  private var timer = TimerID.none

  init(_ id: UInt64, on loop: Loop, _ answers: AckCollector) {
    self.id = id
    self.loop = loop
    self.answers = answers
  }

  var count: Int { sockets.count }

  /// Lets a socket expect the answer; false when it owes as many as it may.
  func put(to socket: Socket) -> Bool {
    guard socket.expectAck(id, timeout: nil, { [self] in answered($0, $1) }) == nil else { return false }
    sockets.append(socket)
    missing += 1
    return true
  }

  /// Everyone has been asked: waits as long as the collector does, so that no socket goes on waiting.
  func wait() {
    guard missing > 0 else { return }
    timer = loop.schedule(self, at: loop.now + answers.timeout)
  }

  private func answered(_ result: Result<IncomingAck, AckError>, _ text: RawSpan) {
    missing -= 1
    if missing == 0 {
      loop.cancel(timer)
      sockets = []
    }
    // Of a client that is gone there will be no answer: the collector waits until its time is over (reference:
    // BroadcastOperator.emit).
    guard case .success(let ack) = result else { return }
    let first = ack.arguments.argument(0).map { ByteBuffer(text.extracting($0)) }
    answers.answered(
      Arguments(
        first ?? ByteBuffer(), ack.arguments.notation, attachments: ack.attachments, count: first == nil ? 0 : 1))
  }

  func deadlineReached(_ now: MonotonicTime) {
    for socket in sockets { socket.forgetAck(id) }
    sockets = []
  }
}
