/// A socket as it was found on this or another server: what it was then, and a way to reach it.
public struct RemoteSocket: Sendable {
  /// As ``Socket/id``.
  public let id: String
  /// As ``Socket/handshake``.
  public let handshake: Handshake
  /// As ``Socket/rooms`` were.
  public let rooms: Set<String>
  /// As ``Socket/data`` was.
  public let data: SocketData
  /// Set by the namespace that fetched it.
  var namespace: Namespace?

  /// As an adapter has learned of it.
  public init(id: String, handshake: Handshake, rooms: Set<String>, data: SocketData) {
    self.id = id
    self.handshake = handshake
    self.rooms = rooms
    self.data = data
  }

  /// On the socket's loop.
  init(_ socket: Socket) {
    self.init(id: socket.id, handshake: socket.handshake, rooms: socket.rooms, data: socket.data)
  }

  private var alone: Target { Target(rooms: [id]) }

  /// Sends it an event.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    namespace?.to(id).emit(event, repeat each arguments)
  }

  /// Sends it an event and waits for the answer. Throws ``AckError/timedOut`` after `timeout`, by default
  /// ``Limits/broadcastAckTime``, or `DecodingError` when the answer is not an `Answer`.
  public func emitWithAck<each Argument: Encodable, Answer: Decodable & Sendable>(
    _ event: String, _ arguments: repeat each Argument, timeout: Duration? = nil
  ) async throws -> Answer {
    guard let namespace else { throw AckError.disconnected }
    var operation = namespace.to(id)
    if let timeout { operation = operation.timeout(timeout) }
    let answers: [Answer]
    do { answers = try await operation.emitWithAck(event, repeat each arguments) } catch is BroadcastAckError {
      throw AckError.timedOut
    }
    guard let answer = answers.first else { throw AckError.disconnected }
    return answer
  }

  /// Lets it join rooms.
  public func join(_ rooms: String...) { namespace?.adapter.addSockets(alone, to: rooms) }

  /// Lets it leave a room.
  public func leave(_ room: String) { namespace?.adapter.delSockets(alone, from: [room]) }

  /// Takes it out of the namespace; with `close` ends its connection, too.
  public func disconnect(_ close: Bool = false) { namespace?.adapter.disconnectSockets(alone, close: close) }
}
