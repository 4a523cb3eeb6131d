internal import BongsuEngineIO
internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuSession
internal import NIOCore

// Engine.IO's side of HTTP: handshakes, polls and upgrades.
extension EngineEndpoint {
  // MARK: Requests

  func handle(
    _ head: RequestHead, _ exchange: Exchange, on http: HTTPConnection, _ screening: Screening
  ) throws(HTTPError) {
    switch screening.passage {
    case .open: break
    case .answered(let response): return exchange.respond(response.status, response.headers, body: response.body)
    case .refused: return refuse(.badRequest("MIDDLEWARE_FAILURE"), head, exchange, on: http)
    }
    let subject: Subject
    do throws(EngineRefusal) { subject = try check(head, on: http.hub, isUpgrade: false, screening) } catch {
      return refuse(error, head, exchange, on: http)
    }
    switch subject {
    case .handshake(let dialect): handshake(head, exchange, on: http, dialect, screening)
    case .session(let client):
      exchange.style = PollStyle(head, self, on: http.connection)
      switch head.method {
      case .get: client.pollArrived(exchange)
      case .post: try post(head, exchange, client, on: http)
      default: exchange.respond(500)
      }
    }
  }

  private func post(
    _ head: RequestHead, _ exchange: Exchange, _ client: EngineClient, on http: HTTPConnection
  ) throws(HTTPError) {
    let isBinary = head["content-type"] == "application/octet-stream"
    guard client.postArrived(exchange, isBinary: isBinary) else { return }
    try http.receiveBody(head, limit: client.hub.limits.messageBytes) { end in
      client.postEnded(exchange, end, isBinary: isBinary)
    }
  }

  private func handshake(
    _ head: RequestHead, _ exchange: Exchange, on http: HTTPConnection, _ dialect: EngineDialect,
    _ screening: Screening
  ) {
    let hub = http.hub
    let id = Identifier(loop: hub.index)
    guard let name = hub.nameSession(id, screening) else {
      return refuse(Self.takenID, head, exchange, on: http)
    }
    guard let client = makeClient(head, .polling, dialect, id, on: http.connection, hub: hub) else {
      return exchange.respond(503, text: "The server has as many sessions as it may have.")
    }
    exchange.style = PollStyle(head, self, on: http.connection, opening: name)
    client.open(exchange, packets: openPackets(name, dialect, upgrades: options.upgrades, hub: hub))
  }

  private func refuse(
    _ refusal: EngineRefusal, _ head: RequestHead, _ exchange: Exchange, on http: HTTPConnection
  ) {
    report(refusal, on: http.hub, Request(detaching: head, on: http.connection))
    refusal.answer(exchange)
  }

  private static var takenID: EngineRefusal { .badRequest("ID_GENERATION_ERROR", ["error": "the id is in use"]) }

  // MARK: Upgrades

  func upgrade(_ head: RequestHead, on connection: Connection, hub: Hub, _ screening: Screening) {
    switch screening.passage {
    case .open: break
    case .answered(let response): return WebSocketUpgrade.refuse(response, on: connection)
    case .refused: return refuseUpgrade(.badRequest("MIDDLEWARE_FAILURE"), head, on: connection, hub)
    }
    let subject: Subject
    do throws(EngineRefusal) { subject = try check(head, on: hub, isUpgrade: true, screening) } catch {
      return refuseUpgrade(error, head, on: connection, hub)
    }
    let id = Identifier(loop: hub.index)
    var name: String?
    if case .handshake = subject {
      name = hub.nameSession(id, screening)
      if name == nil { return refuseUpgrade(Self.takenID, head, on: connection, hub) }
    }
    let headers =
      cors(for: Request(head: head, on: connection)).headers(origin: head["origin"]) + screening.headers
      + options.upgradeHeaders(Request(detaching: head, on: connection), opening: name)
    let compression = hub.configuration.compression
    guard let accepted = WebSocketUpgrade.accept(head, on: connection, compression, hub: hub, headers: headers) else {
      return hub.forgetName(of: id)
    }
    guard EngineSession.Transport(rawValue: head.queryItems["transport"] ?? "") == .webSocket else {
      hub.forgetName(of: id)
      connection.write { $0.writeBytes([0x88, 0x00]) }
      return connection.finish()
    }
    switch subject {
    case .session(let client): client.probeArrived(connection, accepted.deflate)
    case .handshake(let dialect):
      guard let client = makeClient(head, .webSocket, dialect, id, on: connection, hub: hub) else {
        // 1013: try again later.
        connection.write { $0.writeBytes([0x88, 0x02, 0x03, 0xF5]) }
        return connection.finish()
      }
      let packets = openPackets(name ?? "", dialect, upgrades: [], hub: hub)
      client.open(connection, accepted.deflate, packets: packets)
    }
  }

  /// Upgrade errors are answered on the bare connection, always with 400 (reference, `abortUpgrade`).
  private func refuseUpgrade(_ refusal: EngineRefusal, _ head: RequestHead, on connection: Connection, _ hub: Hub) {
    report(refusal, on: hub, Request(detaching: head, on: connection))
    WebSocketUpgrade.refuse(400, refusal.message ?? refusal.code.message, on: connection)
  }

  // MARK: Sessions

  private func makeClient(
    _ head: RequestHead, _ transport: EngineSession.Transport, _ dialect: EngineDialect, _ id: Identifier,
    on connection: Connection, hub: Hub
  ) -> EngineClient? {
    let limit = hub.limitOfSessions
    if let limit { hub.reached(limit, by: connection) }
    guard !hub.isDraining, limit == nil else {
      hub.forgetName(of: id)
      return nil
    }
    let request = HandshakeRequest(head, on: connection)
    return open(
      SessionOpening(
        hub: hub, endpoint: self, id: id, transport: transport, dialect: dialect, request: request))
  }

  private func openPackets(
    _ name: String, _ dialect: EngineDialect, upgrades: [String], hub: Hub
  ) -> [OutgoingPacket] {
    let handshake = EngineHandshake(
      sid: name, upgrades: upgrades, pingInterval: options.pingInterval.wholeMilliseconds,
      pingTimeout: options.pingTimeout.wholeMilliseconds,
      maxPayload: dialect.isVersion3 ? nil : hub.limits.messageBytes)
    return [.text(handshake.packet())] + (options.initialPacket.map { [$0.packet] } ?? [])
  }
}

extension Hub {
  /// The limit that one more session would be over. Those of all loops together are shared out evenly.
  fileprivate var limitOfSessions: LimitName? {
    let limits = configuration.limits
    let loops = server.loopCount
    if sessions.count >= max(1, limits.sessions / loops) { return .sessions }
    return newcomers >= max(1, limits.sessionsWithoutNamespace / loops) ? .sessionsWithoutNamespace : nil
  }

  /// The id that the client is told; nil when another session has it.
  fileprivate func nameSession(_ id: Identifier, _ screening: Screening) -> String? {
    guard case .made(let name) = screening.id else { return id.description }
    guard sessionNames.identifier(of: name) == nil else { return nil }
    sessionNames.add(name, for: id)
    return name
  }

  fileprivate func forgetName(of id: Identifier) { sessionNames.remove(id) }
}

extension Duration {
  var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
  }
}
