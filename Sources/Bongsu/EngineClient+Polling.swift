internal import BongsuBytes
internal import BongsuEngineIO
internal import BongsuSession
internal import NIOCore

// HTTP long polling: GETs that wait for something to say, POSTs that say something.
extension EngineClient {
  func pollArrived(_ exchange: Exchange) {
    switch engine.pollArrived() {
    case .accepted(let actions):
      poll = exchange
      exchange.onAbort = { [weak self] in self?.pollAborted() }
      perform(actions)
      if engine.hasOutput { flushLater() }
      rearm()
    case .wrongTransport: EngineRequests.refuse(.badRequest, exchange)
    case .overlapping(let actions):
      perform(actions)
      exchange.respond(400)
    }
  }

  private func pollAborted() {
    poll = nil
    perform(engine.pollAborted())
  }

  /// A POST came: true when its body is to be read.
  func postArrived(_ exchange: Exchange, isBinary: Bool) -> Bool {
    switch engine.postArrived(isBinary: isBinary) {
    case .accepted: return true
    case .wrongTransport: EngineRequests.refuse(.badRequest, exchange)
    case .overlapping(let actions):
      perform(actions)
      exchange.respond(400, close: true)
    }
    return false
  }

  func postEnded(_ exchange: Exchange, _ end: HTTPConnection.UploadEnd) {
    engine.postEnded()
    switch end {
    case .complete(let body):
      // The answer to the POST says nothing about its content (Engine.IO 4).
      exchange.respond(200, [("Content-Type", "text/html"), ("cache-control", "no-store")], body: Self.ok)
      read(body)
    case .tooLarge: exchange.respond(413, close: true)
    case .aborted: perform(engine.close(.transportError))
    }
  }

  private static let ok = ByteBuffer(string: "ok")

  private func read(_ body: ByteBuffer) {
    let span = body.readableBytesSpan
    // A body that is not UTF-8 is no payload of packets.
    guard UTF8Validator.isValid(span) else { return perform(engine.close(.parseError)) }
    var reader = PayloadReader()
    var count = 0
    var upcoming = reader.next(in: span)
    while engine.state == .open, let packet = upcoming {
      upcoming = reader.next(in: span)
      count += 1
      guard count <= hub.configuration.limits.packetsPerPost else { return perform(engine.close(.parseError)) }
      handle(packet, in: span, before: upcoming)
    }
  }
}
