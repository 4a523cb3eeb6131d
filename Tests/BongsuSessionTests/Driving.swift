import BongsuBytes
import BongsuEngineIO
import BongsuSession
import NIOCore

/// Times of a session's life, in milliseconds since it was opened.
func at(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: 1_000_000 + milliseconds) }

extension EngineTiming {
  /// Short and all different: a ping every 300 ms, 200 ms for the pong, 1 s for an upgrade, 3 s for a closing.
  static var short: EngineTiming {
    var timing = EngineTiming()
    timing.pingInterval = .milliseconds(300)
    timing.pingTimeout = .milliseconds(200)
    timing.upgradeTimeout = .milliseconds(1000)
    timing.closeTimeout = .milliseconds(3000)
    return timing
  }
}

extension EngineSession {
  static func polling() -> EngineSession { EngineSession(transport: .polling, timing: .short, now: at(0)) }
  static func webSocket() -> EngineSession { EngineSession(transport: .webSocket, timing: .short, now: at(0)) }

  /// A polling session whose GET is waiting.
  static func polled() -> EngineSession {
    var session = polling()
    _ = session.pollArrived()
    return session
  }

  /// A polling session with a WebSocket that has been told `3probe`.
  static func probed() -> EngineSession {
    var session = polling()
    _ = session.probeArrived(now: at(0))
    _ = session.probeReceived(.ping, isProbe: true, now: at(0))
    return session
  }

  mutating func receive(_ packet: String, _ milliseconds: Int64 = 0) -> PacketVerdict {
    let bytes = ByteBuffer(string: packet)
    return received(EnginePacket(decoding: bytes.readableBytesSpan), now: at(milliseconds))
  }

  /// Text with its type digit.
  mutating func enqueue(_ text: String) { enqueue(.text(ByteBuffer(string: text))) }
}

extension EngineAction {
  static func answer(_ payload: String) -> EngineAction { .answerPoll(ByteBuffer(string: payload)) }
  static func send(_ text: String) -> EngineAction { .send(.text(ByteBuffer(string: text))) }
}

extension OutgoingPacket {
  static func text(_ text: String) -> OutgoingPacket { .text(ByteBuffer(string: text)) }
}
