internal import BongsuEngineIO
internal import BongsuReactor
internal import BongsuRooms
internal import BongsuSession

/// A loop's numbers at one moment.
struct LoopCensus {
  let loop: LoopCounters
  let hub: HubCounters
  let connections: Int
  let sessions: Int
  /// In the whole server; counted by one loop.
  let rooms: Int
  /// Messages that clients who read too slowly were not sent.
  let dropped: Int

  init(_ hub: Hub) {
    loop = hub.loop.counters
    self.hub = hub.counters
    connections = hub.loop.connectionCount
    sessions = hub.sessions.count
    dropped = hub.slowReaders.missed
    rooms = hub.index == 0 ? hub.server.roomTable.census.live : 0
  }

  // Some of it the reactor alone knows.

  func refused(_ reason: HubCounters.Refusal) -> Int {
    reason == .descriptors ? loop.connectionsShed : hub.connectionsRefused[reason] ?? 0
  }

  func reached(_ limit: LimitName) -> Int {
    limit == .handshakeTime ? loop.handshakesTimedOut : hub.limitsReached[limit] ?? 0
  }
}

/// What is counted, under which name, and where the number is. All loops add up.
enum MetricTable {
  struct Row: Sendable {
    let description: MetricDescription
    /// The values of the label, with where each one's number is.
    let cells: [(value: String, read: @Sendable (LoopCensus) -> Int)]
  }

  private static func row(
    _ name: String, _ kind: MetricDescription.Kind, _ help: String, _ read: @escaping @Sendable (LoopCensus) -> Int
  ) -> Row {
    let description = MetricDescription(name: "bongsu_" + name, kind: kind, label: nil, help: help)
    return Row(description: description, cells: [("", read)])
  }

  private static func row(
    _ name: String, _ kind: MetricDescription.Kind, by label: String, _ help: String,
    _ cells: [(String, @Sendable (LoopCensus) -> Int)]
  ) -> Row {
    let description = MetricDescription(name: "bongsu_" + name, kind: kind, label: label, help: help)
    return Row(description: description, cells: cells.map { ($0.0, $0.1) })
  }

  static let all = connections + sessions + sockets

  private static let connections: [Row] = [
    row("connections", .gauge, "Open TCP connections.") { $0.connections },
    row("connections_opened_total", .counter, "TCP connections accepted.") { $0.loop.connectionsOpened },
    row(
      "connections_refused_total", .counter, by: "reason",
      "Connections closed at once: over a limit in all, of their address, or of file descriptors.",
      HubCounters.Refusal.allCases.map { reason in (reason.rawValue, { $0.refused(reason) }) }),
    row("received_bytes_total", .counter, "Bytes received, as they are on the wire.") { $0.loop.bytesReceived },
    row("sent_bytes_total", .counter, "Bytes sent, as they are on the wire.") { $0.loop.bytesSent },
    row(
      "tls_handshakes_total", .counter, by: "result", "TLS handshakes that have ended, by how they did.",
      [
        ("full", { $0.loop.handshakesCompleted &- $0.loop.handshakesResumed }),
        ("resumed", { $0.loop.handshakesResumed }),
        ("failed", { $0.loop.handshakesFailed }),
        ("timeout", { $0.loop.handshakesTimedOut }),
      ]),
    row(
      "limits_reached_total", .counter, by: "limit", "How often somebody met a limit, by its name in Limits.",
      LimitName.allCases.map { limit in (limit.rawValue, { $0.reached(limit) }) }),
    row(
      "slow_readers_total", .counter, by: "action",
      "Clients that did not read what they were sent, by what was done about it.",
      [("disconnected", { $0.hub.slowReadersDisconnected })]),
  ]

  private static let sessions: [Row] = [
    row(
      "sessions", .gauge, by: "transport", "Open Engine.IO sessions.",
      [
        ("polling", { $0.sessions &- $0.hub.webSocketSessions }),
        ("websocket", { $0.hub.webSocketSessions }),
      ]),
    row(
      "sessions_opened_total", .counter, by: "transport", "Engine.IO sessions opened, by what they came by.",
      [Transport.polling, .webSocket].map { transport in
        (transport.rawValue, { $0.hub.sessionsOpened[transport] ?? 0 })
      }),
    row(
      "sessions_closed_total", .counter, by: "reason", "Engine.IO sessions closed, by why.",
      CloseReason.allCases.map { reason in (reason.rawValue, { $0.hub.sessionsClosed[reason] ?? 0 }) }),
    row("upgrades_total", .counter, "Sessions that changed from long polling to a WebSocket.") { $0.hub.upgrades },
    row(
      "requests_refused_total", .counter, by: "code",
      "Requests for a session or of one that were refused, by the code that the client is told (connection_error).",
      EngineErrorCode.allCases.map { code in (String(code.rawValue), { $0.hub.requestsRefused[code] ?? 0 }) }),
    row("websocket_peers", .gauge, "Open plain WebSockets.") { $0.hub.peers },
    row(
      "messages_received_total", .counter, by: "transport",
      "Packets of Engine.IO and messages of plain WebSockets received.",
      [
        ("polling", { $0.hub.polledMessagesReceived }),
        ("websocket", { $0.loop.messagesReceived }),
      ]),
    row(
      "messages_sent_total", .counter, by: "transport",
      "Packets of Engine.IO and messages of plain WebSockets sent.",
      [
        ("polling", { $0.hub.polledMessagesSent }),
        ("websocket", { $0.loop.messagesSent }),
      ]),
  ]

  private static let sockets: [Row] = [
    row("sockets", .gauge, "Socket.IO clients, each as often as it is in a namespace.") {
      $0.hub.socketsConnected &- $0.hub.socketsDisconnected.values.reduce(0, &+)
    },
    row("sockets_connected_total", .counter, "Clients that have joined a namespace.") { $0.hub.socketsConnected },
    row(
      "sockets_disconnected_total", .counter, by: "reason", "Clients that have left a namespace, by why.",
      CloseReason.allCases.map { reason in (reason.rawValue, { $0.hub.socketsDisconnected[reason] ?? 0 }) }),
    row("events_received_total", .counter, "Socket.IO events received.") { $0.hub.eventsReceived },
    row("deliveries_total", .counter, "Messages handed to the members of rooms and namespaces, each counted.") {
      $0.hub.deliveries
    },
    row("messages_dropped_total", .counter, "Messages that were not sent because a client read too slowly.") {
      $0.dropped
    },
    row("pending_acks", .gauge, "Acknowledgements that the server waits for.") { $0.hub.pendingAcks },
    row("rooms", .gauge, "Rooms that somebody is in; a namespace with clients is one more.") { $0.rooms },
  ]

  /// Of each loop by itself.
  enum OfLoop: CaseIterable {
    case processorTime, delay

    var description: MetricDescription {
      switch self {
      case .processorTime:
        MetricDescription(
          name: "bongsu_loop_cpu_seconds_total", kind: .counter, label: "loop",
          help: "Processor time that the loop's thread has used.")
      case .delay:
        MetricDescription(
          name: "bongsu_loop_delay_seconds", kind: .gauge, label: "loop",
          help: "How much later than it was due the loop came to its last look at the clock.")
      }
    }
  }

  static let loops = OfLoop.allCases
}
