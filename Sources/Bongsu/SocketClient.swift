internal import BongsuReactor
internal import BongsuSession

/// A client with all its namespaces (reference: `socket.client`). For any thread, except for ``sockets``.
public struct SocketClient: @unchecked Sendable {
  private let client: Client

  init(_ client: Client) { self.client = client }

  /// Its session of Engine.IO.
  public var conn: EngineSocket { EngineSocket(client) }

  /// The session's id; see ``EngineSocket/id``.
  public var id: String { conn.id }

  /// The session's first request.
  public var request: Request { conn.request }

  /// The client's sockets by the names of their namespaces. Only on the client's loop, where its handlers run.
  public var sockets: [String: Socket] {
    precondition(client.hub.loop.isCurrent, "a client's sockets are known on its loop only")
    return Dictionary(client.session.sockets.map { ($0.namespace.name, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Socket {
  /// The client's session of Engine.IO, which all its namespaces share.
  public var conn: EngineSocket { EngineSocket(holder) }

  /// The client that the socket is of, with its other namespaces.
  public var client: SocketClient { SocketClient(holder) }

  /// The first request of the client's session.
  public var request: Request { conn.request }

  /// Whether the client is not in the namespace; see ``connected``.
  public var disconnected: Bool { !connected }
}
