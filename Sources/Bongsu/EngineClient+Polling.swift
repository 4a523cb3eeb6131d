internal import BongsuBytes
internal import BongsuEngineIO
internal import BongsuHTTP
internal import BongsuReactor
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
    switch end {
    case .complete(let body):
      let body = exchange.style?.isScript == true ? Self.payload(ofForm: body) : body
      // A body that is not UTF-8 is no payload of packets.
      guard isBinary || UTF8Validator.isValid(body.readableBytesSpan) else {
        answer(exchange)
        return perform(engine.close(.parseError))
      }
      let form: PayloadReader.Form = isLegacy ? isBinary ? .binary : .counted : .separated
      read(Post(body: body, reader: PayloadReader(form), exchange: exchange))
    case .tooLarge:
      engine.postEnded()
      exchange.respond(413, close: true)
    case .aborted:
      engine.postEnded()
      perform(engine.close(.transportError))
    }
  }

  private func answer(_ exchange: Exchange) {
    engine.postEnded()
    exchange.respondOK()
  }

  /// The payload in a form that a script element's page has sent.
  private static func payload(ofForm body: ByteBuffer) -> ByteBuffer {
    let text = ByteBuffer(string: QueryItems(body)["d"] ?? "")
    return JSONP.unescapingLineBreaks(text.readableBytesSpan)
  }

  /// A POST's payload, as far as it has been read.
  private struct Post {
    let body: ByteBuffer
    var reader: PayloadReader
    let exchange: Exchange
    var upcoming: EnginePacket?
    var count = 0
  }

  /// Handles the packets. Those that would be too much for one turn wait for a later one, and the POST's answer with
  /// them: until then the client may send no other.
  private func read(_ post: Post) {
    var post = post
    let body = post.body
    let span = body.readableBytesSpan
    if post.count == 0 { post.upcoming = post.reader.next(in: span) }
    while engine.state == .open, let packet = post.upcoming {
      guard hub.mayDeliverMore else {
        let rest = UncheckedRest(client: self, post: post)
        return hub.loop.submitForLater { rest.client.read(rest.post) }
      }
      post.upcoming = post.reader.next(in: span)
      post.count += 1
      guard post.count <= hub.limits.packetsPerPost else {
        hub.reached(.packetsPerPost, by: self)
        perform(engine.close(.parseError))
        break
      }
      hub.notePolled(self)
      handle(packet, in: span, before: post.upcoming)
    }
    answer(post.exchange)
  }

  /// On its way to a later turn of the same loop.
  private struct UncheckedRest: @unchecked Sendable {
    let client: EngineClient
    let post: Post
  }
}
