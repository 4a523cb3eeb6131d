import BongsuWebSocket

enum FrameEvent: Equatable {
  case message([UInt8], MessageKind)
  case ping([UInt8])
  case pong([UInt8])
  case close(UInt16?, [UInt8])
}

/// Writes down what a decoder tells.
final class FrameListener: WebSocketEvents {
  private(set) var events: [FrameEvent] = []

  func received(_ message: RawSpan, _ kind: MessageKind) -> Bool { note(.message(bytes(message), kind)) }
  func receivedPing(_ payload: RawSpan) -> Bool { note(.ping(bytes(payload))) }
  func receivedPong(_ payload: RawSpan) -> Bool { note(.pong(bytes(payload))) }
  func receivedClose(code: UInt16?, reason: RawSpan) { _ = note(.close(code, bytes(reason))) }

  private func note(_ event: FrameEvent) -> Bool {
    events.append(event)
    return true
  }
}

func bytes(_ span: RawSpan) -> [UInt8] { unsafe span.withUnsafeBytes { unsafe Array($0) } }
