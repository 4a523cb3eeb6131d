import NIOCore

/// A client's connection that has become a WebSocket. On the clients' loop.
final class FrameWire {
  private let wire: Wire
  private var reader = FrameReader()
  private let received: (TestMessage) -> Void
  private let ended: (TestEnding) -> Void
  private var isOver = false
  private var hasSaidGoodbye = false
  /// Whether the server's pings are answered.
  var answersPings = true

  /// - Parameters:
  ///   - asked: has been answered with 101.
  ///   - ended: is called once, and not when it was this side that cut the connection.
  init(
    _ asked: RequestWire, received: @escaping (TestMessage) -> Void, ended: @escaping (TestEnding) -> Void
  ) {
    wire = asked.wire
    self.received = received
    self.ended = ended
    let rest = asked.leaveHTTP()
    wire.onBytes = { [self] in take($0) }
    wire.onEnd = { [self] in end(.ended) }
    take(rest)
  }

  func send(_ message: TestMessage) { wire.send(ClientFrame.message(message)) }
  func send(raw bytes: [UInt8]) { wire.send(ByteBuffer(bytes: bytes)) }
  func ping(_ bytes: [UInt8]) { wire.send(ClientFrame.ping(bytes)) }

  func close(code: UInt16?, reason: String) {
    hasSaidGoodbye = true
    wire.send(ClientFrame.close(code: code, reason: reason))
  }

  func stopReading() { wire.stopReading() }
  func startReading() { wire.startReading() }

  func cut(reset: Bool) {
    isOver = true
    wire.cut(reset: reset)
  }

  private func take(_ bytes: ByteBuffer) {
    reader.append(bytes)
    do throws(TestKitError) {
      while !isOver, let event = try reader.next() { handle(event) }
    } catch {
      wire.cut()
      end(.ended)
    }
  }

  private func handle(_ event: FrameReader.Event) {
    switch event {
    case .message(let message): received(message)
    case .ping(let bytes): if answersPings { wire.send(ClientFrame.pong(bytes)) }
    case .pong: break
    case .close(let code, let reason):
      // It is for the server to end the connection then (RFC 6455 §7.1.1); nobody here has to see it.
      if !hasSaidGoodbye { wire.send(ClientFrame.close(code: code, reason: "")) }
      wire.finish()
      end(.closed(code: code ?? 1005, reason: reason))
    }
  }

  private func end(_ ending: TestEnding) {
    guard !isOver else { return }
    isOver = true
    ended(ending)
  }
}
