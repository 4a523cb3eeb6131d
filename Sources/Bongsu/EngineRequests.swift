internal import BongsuEngineIO
internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuSession
internal import NIOCore

/// Engine.IO's side of HTTP: the checks of a request in the reference's order, handshakes, polls, upgrades.
struct EngineRequests: Sendable {
  /// Makes the client of a new session.
  typealias Open = @Sendable (Hub, Identifier, EngineSession.Transport, EngineTiming, HandshakeRequest) -> EngineClient

  /// Requests to paths that begin with this.
  let path: String
  let open: Open

  /// What a request is about, once it has passed the checks.
  private enum Subject {
    case session(EngineClient)
    case handshake
  }

  // MARK: Requests

  func handle(_ head: RequestHead, _ exchange: Exchange, on http: HTTPConnection) throws(HTTPError) {
    let hub = http.hub
    if head.method == .options, hub.configuration.cors.isEnabled {
      let headers = hub.configuration.cors.preflightHeaders(requested: head["access-control-request-headers"])
      return exchange.respond(204, headers)
    }
    let subject: Subject
    do throws(Refusal) { subject = try check(head, hub: hub, isUpgrade: false) } catch {
      return Self.refuse(error.code, exchange)
    }
    switch subject {
    case .handshake: handshake(head, exchange, hub: hub, peer: http.connection.peer?.address)
    case .session(let client):
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
    guard client.postArrived(exchange, isBinary: head["content-type"] == "application/octet-stream") else { return }
    try http.receiveBody(head, limit: client.hub.configuration.limits.messageBytes) { end in
      client.postEnded(exchange, end)
    }
  }

  private func handshake(_ head: RequestHead, _ exchange: Exchange, hub: Hub, peer: String?) {
    guard let client = makeClient(head, .polling, hub: hub, peer: peer) else {
      return exchange.respond(503, text: "The server has as many sessions as it may have.")
    }
    client.open(exchange, packet: openPacket(client, upgrades: hub.upgrades))
  }

  // MARK: Upgrades

  func upgrade(_ head: RequestHead, on connection: Connection, hub: Hub) {
    let subject: Subject
    do throws(Refusal) { subject = try check(head, hub: hub, isUpgrade: true) } catch {
      // Upgrade errors are answered on the bare connection, always with 400 (Engine.IO reference, abortUpgrade).
      return WebSocketUpgrade.refuse(400, error.code.message, on: connection)
    }
    let compression = hub.configuration.compression
    guard let accepted = WebSocketUpgrade.accept(head, on: connection, compression, hub: hub) else { return }
    guard EngineSession.Transport(rawValue: head.queryItems["transport"] ?? "") == .webSocket else {
      connection.write { $0.writeBytes([0x88, 0x00]) }
      return connection.finish()
    }
    switch subject {
    case .session(let client): client.probeArrived(connection, accepted.deflate)
    case .handshake:
      guard let client = makeClient(head, .webSocket, hub: hub, peer: connection.peer?.address) else {
        // 1013: try again later.
        connection.write { $0.writeBytes([0x88, 0x02, 0x03, 0xF5]) }
        return connection.finish()
      }
      client.open(connection, accepted.deflate, packet: openPacket(client, upgrades: []))
    }
  }

  private func makeClient(
    _ head: RequestHead, _ transport: EngineSession.Transport, hub: Hub, peer: String?
  ) -> EngineClient? {
    guard !hub.isDraining, hub.hasRoomForSession else { return nil }
    let request = HandshakeRequest(head: head.detached(), address: peer ?? "")
    return open(hub, Identifier(loop: hub.index), transport, hub.configuration.timing, request)
  }

  private func openPacket(_ client: EngineClient, upgrades: [String]) -> ByteBuffer {
    let configuration = client.hub.configuration
    return EngineHandshake(
      sid: client.id.description, upgrades: upgrades, pingInterval: configuration.pingInterval.wholeMilliseconds,
      pingTimeout: configuration.pingTimeout.wholeMilliseconds, maxPayload: configuration.limits.messageBytes
    ).packet()
  }

  // MARK: Checks

  private struct Refusal: Error {
    let code: EngineErrorCode
  }

  private func check(_ head: RequestHead, hub: Hub, isUpgrade: Bool) throws(Refusal) -> Subject {
    let query = head.queryItems
    guard let transport = Transport(rawValue: query["transport"] ?? ""),
      hub.configuration.transports.contains(transport)
    else { throw Refusal(code: .transportUnknown) }
    if let origin = head["origin"], !origin.utf8.allSatisfy(Self.isLegal) { throw Refusal(code: .badRequest) }
    if let sid = query["sid"], !sid.isEmpty {
      guard let client = Identifier(sid).flatMap({ hub.sessions[$0] }) else { throw Refusal(code: .sessionUnknown) }
      if !isUpgrade, client.transportName.rawValue != transport.rawValue { throw Refusal(code: .badRequest) }
      return .session(client)
    }
    guard hub.allows(head) else { throw Refusal(code: .forbidden) }
    guard head.method == .get else { throw Refusal(code: .badHandshakeMethod) }
    if transport == .webSocket, !isUpgrade { throw Refusal(code: .badRequest) }
    guard query["EIO"] == "4" else { throw Refusal(code: .unsupportedProtocolVersion) }
    return .handshake
  }

  /// Characters that the reference takes in an Origin: no control characters but the tab.
  private static func isLegal(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

  static func refuse(_ code: EngineErrorCode, _ exchange: Exchange) {
    exchange.respond(code.status, [("Content-Type", "application/json")], body: code.json())
  }
}

extension Hub {
  /// Limits of all loops together, shared out evenly.
  fileprivate var hasRoomForSession: Bool {
    let limits = configuration.limits
    let loops = server.loopCount
    return sessions.count < max(1, limits.sessions / loops)
      && newcomers < max(1, limits.sessionsWithoutNamespace / loops)
  }

  /// What a polling client is told it may upgrade to.
  var upgrades: [String] {
    configuration.allowsUpgrades && configuration.transports.contains(.webSocket) ? ["websocket"] : []
  }
}

extension Configuration {
  var timing: EngineTiming {
    var timing = EngineTiming()
    timing.pingInterval = pingInterval
    timing.pingTimeout = pingTimeout
    timing.upgradeTimeout = upgradeTimeout
    return timing
  }
}

extension Duration {
  var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
  }
}
