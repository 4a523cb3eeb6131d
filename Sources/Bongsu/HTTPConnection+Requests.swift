internal import BongsuHTTP
internal import BongsuReactor
internal import NIOCore

// Where a request goes: to another loop, to another protocol, to whoever is asked about it first, or to its answer.
extension HTTPConnection {
  func take(_ head: RequestHead, _ input: inout ByteBuffer) throws(HTTPError) {
    let engine = hub.routes.engine(for: head.path)
    var screening: Screening?
    if case .answered(let answer) = question { screening = answer }
    let destination = hub.destination(of: head, engine, screening)
    if destination != .stay, !exchanges.isEmpty {
      unread(head, &input)
      holdsInput = true
      return
    }
    if case .loop(let index) = destination {
      unread(head, &input)
      hub.move(connection, to: index, received: input, screening)
      return input.clear()
    }
    let isUpgrade = destination == .upgrade
    if screening == nil, let engine, engine.wantsScreening(head, on: self, isUpgrade: isUpgrade) {
      unread(head, &input)
      return ask(engine, head, isUpgrade: isUpgrade)
    }
    question = .none
    if isUpgrade { return hub.upgrade(head, on: self, engine, screening ?? Screening(), rest: &input) }
    try answer(head, &input, engine, screening ?? Screening())
  }

  private func answer(
    _ head: RequestHead, _ input: inout ByteBuffer, _ engine: EngineEndpoint?, _ screening: Screening
  ) throws(HTTPError) {
    let cors = hub.cors(for: head, engine, on: connection)
    let isPreflight = head.method == .options && cors.isEnabled && engine != nil
    let headers = isPreflight ? [] : cors.headers(origin: head["origin"]) + screening.headers
    let exchange = Exchange(head, on: self, headers: headers)
    exchanges.append(exchange)
    if head.expectsContinue, head.framing != .none, input.readableBytes == 0 {
      connection.write { HTTPResponse.writeContinue(into: &$0) }
    }
    if isPreflight {
      let requested = head["access-control-request-headers"]
      exchange.respond(204, cors.preflightHeaders(origin: head["origin"], requested: requested))
    } else {
      try hub.handle(head, exchange, on: self, engine, screening)
    }
    // A body that nobody asked for is read past.
    if upload == nil, head.framing != .none, connection.delegate === self {
      try receiveBody(head, limit: hub.limits.messageBytes) { _ in }
    }
  }

  /// Asks about a request, which is taken again when the answer is there.
  private func ask(_ engine: EngineEndpoint, _ head: RequestHead, isUpgrade: Bool) {
    question = .asked
    let opensSession = engine.opensSession(head, on: hub, isUpgrade: isUpgrade)
    let request = Request(detaching: head, on: connection)
    let loop = hub.loop
    let onError = hub.configuration.onError
    let asker = UncheckedReference(value: self)
    Task(executorPreference: loop) {
      let screening = await engine.screen(request, opensSession: opensSession, onError: onError)
      loop.submit {
        asker.value.question = .answered(screening)
        asker.value.resume()
      }
    }
  }

  /// Puts a head back in front of the input.
  private func unread(_ head: RequestHead, _ input: inout ByteBuffer) {
    var bytes = ByteBufferAllocator().buffer(capacity: head.bytes.readableBytes + input.readableBytes)
    bytes.writeImmutableBuffer(head.bytes)
    bytes.writeBuffer(&input)
    input = bytes
  }
}
