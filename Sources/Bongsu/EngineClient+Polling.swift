internal import BongsuBytes
internal import BongsuEngineIO
internal import BongsuHTTP
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
    case .wrongTransport: EngineRefusal.badRequest("TRANSPORT_MISMATCH").answer(exchange)
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
    case .wrongTransport: EngineRefusal.badRequest("TRANSPORT_MISMATCH").answer(exchange)
    case .overlapping(let actions):
      perform(actions)
      exchange.respond(400, close: true)
    }
    return false
  }

  func postEnded(_ exchange: Exchange, _ end: HTTPConnection.UploadEnd, isBinary: Bool) {
    engine.postEnded()
    switch end {
    case .complete(let body):
      exchange.respondOK()
      read(exchange.style?.isScript == true ? Self.payload(ofForm: body) : body, isBinary: isBinary)
    case .tooLarge: exchange.respond(413, close: true)
    case .aborted: perform(engine.close(.transportError))
    }
  }

  /// The payload in a form that a script element's page has sent.
  private static func payload(ofForm body: ByteBuffer) -> ByteBuffer {
    let text = ByteBuffer(string: QueryItems(body)["d"] ?? "")
    return JSONP.unescapingLineBreaks(text.readableBytesSpan)
  }

  private func read(_ body: ByteBuffer, isBinary: Bool) {
    let span = body.readableBytesSpan
    // A body that is not UTF-8 is no payload of packets.
    guard isBinary || UTF8Validator.isValid(span) else { return perform(engine.close(.parseError)) }
    var reader = PayloadReader(isLegacy ? isBinary ? .binary : .counted : .separated)
    var count = 0
    var upcoming = reader.next(in: span)
    while engine.state == .open, let packet = upcoming {
      upcoming = reader.next(in: span)
      count += 1
      guard count <= hub.limits.packetsPerPost else {
        hub.reached(.packetsPerPost, by: self)
        return perform(engine.close(.parseError))
      }
      hub.notePolled(self)
      handle(packet, in: span, before: upcoming)
    }
  }
}
