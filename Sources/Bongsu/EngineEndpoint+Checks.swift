internal import BongsuEngineIO
internal import BongsuHTTP
internal import BongsuSession

// The checks of a request, in the reference's order.
extension EngineEndpoint {
  /// What a request is about, once it has passed the checks.
  enum Subject {
    case session(EngineClient)
    case handshake(EngineDialect)
  }

  /// - Parameter screening: what was asked about the request before; by default nothing was.
  func check(
    _ head: RequestHead, on hub: Hub, isUpgrade: Bool, _ screening: Screening = Screening()
  ) throws(EngineRefusal) -> Subject {
    let query = head.queryItems
    let name = query["transport"]
    guard let transport = Transport(rawValue: name ?? ""), options.transports.contains(transport) else {
      throw EngineRefusal(code: .transportUnknown, context: name.map { ["transport": $0] } ?? [:])
    }
    if let origin = head["origin"], !origin.utf8.allSatisfy(Self.isLegal) {
      throw .badRequest("INVALID_ORIGIN", ["origin": origin])
    }
    if let sid = query["sid"], !sid.isEmpty {
      return .session(try session(sid, transport, on: hub, isUpgrade: isUpgrade))
    }
    // A page of another origin needs no CORS to read a script.
    guard hub.allows(head), query["j"] == nil || hub.configuration.allowedOrigins == nil else {
      throw EngineRefusal(code: .forbidden)
    }
    guard head.method == .get else {
      throw EngineRefusal(code: .badHandshakeMethod, context: ["method": head.methodName])
    }
    if transport == .webSocket, !isUpgrade { throw .badRequest("TRANSPORT_HANDSHAKE_ERROR") }
    if query["j"] != nil, transport == .polling, !options.allowJSONP { throw .badRequest("TRANSPORT_HANDSHAKE_ERROR") }
    if case .denied(let message) = screening.permission {
      throw EngineRefusal(code: .forbidden, message: message, context: message.map { ["message": $0] } ?? [:])
    }
    let dialect = try dialect(query)
    if case .failed(let error) = screening.id { throw .badRequest("ID_GENERATION_ERROR", ["error": error]) }
    return .handshake(dialect)
  }

  private func session(
    _ sid: String, _ transport: Transport, on hub: Hub, isUpgrade: Bool
  ) throws(EngineRefusal) -> EngineClient {
    guard let client = session(sid, on: hub) else { throw EngineRefusal(code: .sessionUnknown, context: ["sid": sid]) }
    let previous = client.transportName.rawValue
    guard isUpgrade || previous == transport.rawValue else {
      throw .badRequest("TRANSPORT_MISMATCH", ["transport": transport.rawValue, "previousTransport": previous])
    }
    return client
  }

  /// Any other version than 4, and none, is 3 (reference, `handshake`).
  private func dialect(_ query: QueryItems) throws(EngineRefusal) -> EngineDialect {
    let version = query["EIO"]
    if version == "4" { return .version4 }
    guard options.allowEIO3 else {
      throw EngineRefusal(code: .unsupportedProtocolVersion, context: ["protocol": version ?? ""])
    }
    // A script's text cannot carry bytes either.
    let isText = query["b64"].map { !$0.isEmpty } ?? false || query["j"] != nil
    return isText ? .version3Text : .version3
  }

  /// Characters that the reference takes in an Origin: no control characters but the tab.
  private static func isLegal(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }
}
