internal import BongsuEngineIO
internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuSession
internal import BongsuSocketIO
internal import BongsuWebSocket
internal import Logging
internal import NIOCore
import Synchronization

// Clients coming and going: counted, and told to a log that wants to know.
extension Hub {
  func noteOpened(_ client: EngineClient) {
    let transport: Transport = client.transportName == .webSocket ? .webSocket : .polling
    counters.sessionsOpened[transport, default: 0] += 1
    if transport == .webSocket { counters.webSocketSessions += 1 }
    server.log.debug("session opened", ["session": client.logged, "transport": .string(transport.rawValue)])
  }

  func noteUpgraded(_ client: EngineClient) {
    counters.upgrades += 1
    counters.webSocketSessions += 1
    if let admin = server.admin.load(), let client = client as? Client { admin.upgraded(client) }
    server.log.debug("session upgraded", ["session": client.logged])
  }

  func noteClosed(_ client: EngineClient, _ reason: CloseReason) {
    counters.sessionsClosed[reason, default: 0] += 1
    if client.transportName == .webSocket { counters.webSocketSessions -= 1 }
    server.log.debug("session closed", ["session": client.logged, "reason": .string(reason.rawValue)])
  }

  func noteRefused(_ refusal: EngineRefusal, _ request: @autoclosure () -> Request) {
    counters.requestsRefused[refusal.code, default: 0] += 1
    guard server.log.isDebugging else { return }
    var metadata: Logger.Metadata = [
      "code": .stringConvertible(refusal.code.rawValue), "message": .string(refusal.code.message),
      "peer": .string(request().address),
    ]
    for (name, value) in refusal.context { metadata[name] = .string(WireText.printable(value)) }
    server.log.debug("request refused", metadata)
  }

  func notePeer(_ peer: WebSocketPeer, came: Bool) {
    counters.peers += came ? 1 : -1
    server.log.debug(came ? "WebSocket opened" : "WebSocket closed", peer.connection.logged)
  }

  func noteJoined(_ socket: Socket) {
    counters.socketsConnected += 1
    server.log.debug("socket connected", socket.logged)
  }

  func noteLeft(_ socket: Socket, _ reason: CloseReason) {
    counters.socketsDisconnected[reason, default: 0] += 1
    server.log.debug(
      "socket disconnected", socket.logged.merging(["reason": .string(reason.rawValue)]) { $1 })
  }

  /// A client was disconnected because too much waited for it.
  func slowReaderDisconnected(_ connection: Connection?) {
    counters.slowReadersDisconnected += 1
    reached(.queuedBytes, by: connection)
  }

  // MARK: Messages by long polling

  func notePolled(_ client: EngineClient) {
    counters.polledMessagesReceived &+= 1
    if loop.isTraced { server.log.trace("packet received", ["session": client.logged, "transport": "polling"]) }
  }

  func noteQueued(_ packet: OutgoingPacket, for client: EngineClient) {
    counters.polledMessagesSent &+= 1
    guard loop.isTraced else { return }
    server.log.trace(
      "packet sent",
      ["session": client.logged, "transport": "polling", "bytes": .stringConvertible(packet.byteCount)])
  }
}

// Messages on WebSockets: one addition and one look at a flag.
extension WebSocketTransport {
  @inline(__always)
  func note(_ message: RawSpan, _ kind: MessageKind) {
    if deflate != nil { hub.unpacked(message.byteCount) }
    if connection.loop.noteReceived() {
      trace("message received", kind == .text ? "text" : "binary", message.byteCount)
    }
  }

  @inline(__always)
  func noteSent(_ count: Int) {
    if connection.loop.noteSent() { trace("message sent", "frames", count) }
  }

  @inline(never)
  private func trace(_ message: Logger.Message, _ kind: String, _ count: Int) {
    let metadata: Logger.Metadata = ["kind": .string(kind), "bytes": .stringConvertible(count)]
    hub.server.log.trace(message, metadata.merging(connection.logged) { $1 })
  }
}

// MARK: - What is said of whom

extension Connection {
  var logged: Logger.Metadata {
    guard let peer else { return [:] }
    return ["peer": .string("\(peer.address):\(peer.port)")]
  }
}

extension EngineClient {
  /// Not the whole id: who knows that of a session by long polling can be its client.
  var logged: Logger.MetadataValue { .string(WireText.printable(sid.prefix(8))) }
}

extension Socket {
  var logged: Logger.Metadata {
    // The id of a client of Socket.IO 2 is its session's.
    ["socket": holder.isLegacy ? holder.logged : .string(id), "namespace": .string(WireText.printable(namespace.name))]
  }
}

// MARK: - Limits that errors tell of

extension WebSocketError {
  var limit: LimitName? {
    switch self {
    case .messageTooLarge: .messageBytes
    case .tooManyFragments: .fragments
    default: nil
    }
  }
}

extension HTTPError {
  var limit: LimitName? {
    switch self {
    case .bodyTooLarge: .messageBytes
    case .headTooLarge: .headBytes
    case .targetTooLong: .targetBytes
    default: nil
    }
  }
}

extension RoomError {
  var limit: LimitName {
    switch self {
    case .tooManyRooms: .roomsPerSocket
    case .nameTooLong: .roomNameBytes
    }
  }
}
