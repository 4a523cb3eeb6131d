import Bongsu

/// What brings the packets of Engine.IO to the server and back. On the clients' loop.
protocol EngineLink: AnyObject {
  func send(_ packets: [TestMessage])
  func stopReading()
  func startReading()
  /// Ends without a word; nobody hears of it.
  func cut(reset: Bool)
}

/// What a link tells its client.
struct EngineLinkEvents {
  let received: (TestMessage) -> Void
  /// Instead of a session there was this answer.
  let refused: (TestResponse) -> Void
  /// The last call.
  let ended: (TestEnding) -> Void
}

/// Engine.IO by WebSocket: one packet to a message.
final class WebSocketLink: EngineLink {
  private let request: RequestWire
  private var frames: FrameWire?
  private var waiting: [TestMessage] = []

  init(_ wire: Wire, _ request: TestRequest, _ events: EngineLinkEvents) {
    self.request = RequestWire(wire)
    self.request.send(request) { [self] answer in
      switch answer {
      case .ended: events.ended(.ended)
      case .response(let response) where response.status == 101:
        frames = FrameWire(self.request, received: events.received, ended: events.ended)
        send(waiting)
      case .response(let response):
        wire.cut()
        events.refused(response)
      }
    }
  }

  func send(_ packets: [TestMessage]) {
    guard let frames else { return waiting += packets }
    for packet in packets { frames.send(packet) }
  }

  func stopReading() { frames?.stopReading() }
  func startReading() { frames?.startReading() }

  func cut(reset: Bool) {
    if let frames { frames.cut(reset: reset) } else { request.wire.cut(reset: reset) }
  }
}
