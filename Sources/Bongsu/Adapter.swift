/// What stands between a namespace and its sockets, here and on other servers.
///
/// ``MemoryAdapter`` is the default: one server alone. An adapter for several servers is given the namespace's
/// `MemoryAdapter` when it is made (``Configuration/adapter``), does there what concerns this server, and tells the
/// other servers; what these tell, it does there as well.
///
/// Everything is called from any thread, loops included: nothing here may wait. Once per message, never per client.
public protocol Adapter: AnyObject, Sendable {
  /// The namespace exists.
  func start()

  /// The server has closed, or the namespace is gone.
  func close()

  /// How many servers share the namespace, this one included.
  var serverCount: Int { get async throws }

  /// Sends an event to the clients of the target on all servers.
  func broadcast(_ packet: Packet, to target: Target)

  /// As ``broadcast(_:to:)``, with an acknowledgement wanted from each client. Every server that takes part says once
  /// how many clients it has sent the event to (``AckCollector/counted(clients:)``), and hands on their answers.
  func broadcastWithAck(_ packet: Packet, to target: Target, collecting answers: AckCollector)

  /// The ids of the sockets of the target on all servers.
  func sockets(in target: Target) async throws -> Set<String>

  /// The sockets of the target on all servers.
  func fetchSockets(in target: Target) async throws -> [RemoteSocket]

  /// Lets the sockets of the target join rooms.
  func addSockets(_ target: Target, to rooms: [String])

  /// Lets the sockets of the target leave rooms.
  func delSockets(_ target: Target, from rooms: [String])

  /// Takes the sockets of the target out of the namespace; with `close` ends their connections, too.
  func disconnectSockets(_ target: Target, close: Bool)

  /// Tells the other servers of an event: its name and its arguments. Throws when there is no way to.
  func serverSideEmit(_ event: Arguments) throws

  /// As ``serverSideEmit(_:)``; returns the first argument of each other server's answer.
  func serverSideEmitWithAck(_ event: Arguments) async throws -> [Arguments]

  /// Keeps what a socket had, for a client that may come back (``Configuration/connectionStateRecovery``).
  ///
  /// An adapter for servers whose clients always come back to the same one can leave both to its `MemoryAdapter`.
  func persistSession(_ session: SavedSession)

  /// What ``persistSession(_:)`` has kept, and the packets that the client has missed since `offset`, its last event's;
  /// `nil` when there is no such session, or when something that the client has missed is not there any more. A client
  /// that was sent no event with an offset has none.
  func restoreSession(pid: String, offset: String?) async throws -> (session: SavedSession, missed: [Packet])?
}

/// Without connection state recovery.
extension Adapter {
  /// Keeps nothing.
  public func persistSession(_ session: SavedSession) {}

  /// Knows of no session.
  public func restoreSession(
    pid: String, offset: String?
  ) async throws -> (session: SavedSession, missed: [Packet])? { nil }
}

/// What a socket had when its connection was lost.
public struct SavedSession: Sendable {
  /// The socket's id, which clients know.
  public let sid: String
  /// The session's private id, which only its client knows.
  public let pid: String
  /// The rooms the socket was in, each once, its own among them. No set, for which names that differ in bytes but are
  /// canonically equivalent to Unicode would be one.
  public let rooms: [String]
  /// See ``Socket/data``.
  public let data: SocketData
  /// What the client may have been sent, for the log here.
  var history: SessionHistory?
  /// While the session is kept here, its id is nobody else's; nil where it is kept elsewhere.
  var reservation: ReservedIDs.Reservation?

  init(sid: String, pid: String, rooms: [String], data: SocketData, history: SessionHistory) {
    self.init(sid: sid, pid: pid, rooms: rooms, data: data)
    self.history = history
  }

  /// As it was when the connection was lost.
  public init(sid: String, pid: String, rooms: [String], data: SocketData) {
    self.sid = sid
    self.pid = pid
    self.rooms = rooms
    self.data = data
  }
}

/// What an adapter cannot do.
public enum AdapterError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There are no other servers to tell.
  case serverSideEmitUnsupported
  /// A parent namespace has no sockets of its own; ask its children.
  case fetchSocketsOnParent

  public var description: String {
    switch self {
    case .serverSideEmitUnsupported: "this adapter does not support the serverSideEmit() functionality"
    case .fetchSocketsOnParent: "fetchSockets() is not supported on parent namespaces"
    }
  }
}
