internal import BongsuReactor
internal import BongsuRooms
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore
import Synchronization

/// One client in one namespace.
///
/// Every method is for any thread; on the socket's own loop, where its handlers run, it takes effect at once, elsewhere
/// as soon as the loop comes to it, in the order of the calls of one thread.
public final class Socket: Member, @unchecked Sendable {
  /// 20 characters, unguessable, and not the id of the transport's session. A client of Socket.IO 2 knows it from that
  /// id: it is the same for `/`, and `/name#` and the same for other namespaces.
  public var id: String { client.isLegacy ? legacyID : identifier.description }
  /// Where the client is; it may be in others as well, by other sockets.
  public let namespace: Namespace
  /// What the client sent with its request to join, as JSON; `nil` when it sent nothing.
  let auth: ByteBuffer?

  let identifier: Identifier
  let client: Client
  /// The namespace's handlers for every socket.
  var shared = EventHandlers()
  private var handlers = EventHandlers()
  private var pendingAcks = PendingAcks()
  private var isConnected = true

  init(_ client: Client, namespace: Namespace, auth: ByteBuffer?) {
    self.client = client
    self.namespace = namespace
    self.auth = auth
    identifier = client.isLegacy && namespace.name == "/" ? client.id : Identifier(loop: client.hub.index)
  }

  private var legacyID: String { namespace.name == "/" ? client.sid : "\(namespace.name)#\(client.sid)" }

  var loop: Loop { client.hub.loop }

  private var local: LocalNamespace { client.hub.local(namespace) }

  /// Runs `body` on the socket's loop: now when called there.
  private func onLoop(_ body: @escaping @Sendable () -> Void) {
    if loop.isCurrent { body() } else { loop.submit(body) }
  }

  // MARK: Rooms

  /// Joins a room; the socket leaves all of its rooms when it disconnects. More rooms than ``Limits/roomsPerSocket`` or
  /// a longer name than ``Limits/roomNameBytes`` are reported to ``Configuration/onError``.
  public func join(_ room: String) {
    namespace.change(on: HubReference(client.hub)) { [self] _ in
      do throws(RoomError) { try joinNow(room) } catch { namespace.report(error) }
    }
  }

  func joinNow(_ room: String) throws(RoomError) {
    guard isConnected else { return }
    let limits = client.hub.configuration.limits
    let nameBytes = room.utf8.count - (RoomName.isWatch(room) ? 1 : 0)
    guard nameBytes <= limits.roomNameBytes else { throw .nameTooLong(limit: limits.roomNameBytes) }
    do throws(RoomsError) { try local.join(self, room) } catch { throw .tooManyRooms(limit: limits.roomsPerSocket) }
  }

  /// Leaves a room.
  public func leave(_ room: String) {
    onLoop { [self] in local.leave(self, room) }
  }

  /// Whether it has joined a room; on its loop.
  func isIn(_ room: String) -> Bool { local.contains(self, in: room) }

  /// The rooms the socket is in, its own among them. Only on the socket's loop, that is, in its handlers.
  public var rooms: Set<String> {
    precondition(loop.isCurrent, "a socket's rooms are known on its loop only")
    return isConnected ? Set(local.names(of: self)).union([id]) : []
  }

  // MARK: Sending

  /// Sends an event to this client.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    do { send(try encode(event, ackID: nil, repeat each arguments)) } catch { namespace.report(error) }
  }

  private func encode<each Argument: Encodable>(
    _ event: String, ackID: UInt64?, _ arguments: repeat each Argument
  ) throws -> EncodedEvent {
    var encoder = ArgumentEncoder(event: event)
    repeat try encoder.append(each arguments)
    return encoder.event(namespace: namespace.name, ackID: ackID)
  }

  /// Sends an event and calls `ack` with the client's answer, on the socket's loop. An answer that is not what `ack`
  /// declares is reported to ``Configuration/onError``.
  public func emit<each Argument: Encodable, each Answer: Decodable & SendableMetatype>(
    _ event: String, _ arguments: repeat each Argument, ack: @escaping @Sendable (repeat each Answer) -> Void
  ) {
    let namespace = self.namespace
    emit(event, repeat each arguments, timeout: nil) { result, text in
      guard case .success(let answer) = result else { return }
      var decoder = ArgumentDecoder(answer.arguments, attachments: answer.attachments, ack: Ack())
      do { ack(repeat try decoder.next((each Answer).self, in: text)) } catch { namespace.report(error) }
    }
  }

  /// Sends an event and waits for the client's answer. Throws ``AckError``, or `DecodingError` when the answer is
  /// not an `Answer`.
  public func emitWithAck<each Argument: Encodable, Answer: Decodable & Sendable>(
    _ event: String, _ arguments: repeat each Argument, timeout: Duration? = nil
  ) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      emit(event, repeat each arguments, timeout: timeout) { result, text in
        switch result {
        case .failure(let error): continuation.resume(throwing: error)
        case .success(let answer):
          var decoder = ArgumentDecoder(answer.arguments, attachments: answer.attachments, ack: Ack())
          do { continuation.resume(returning: try decoder.next(Answer.self, in: text)) } catch {
            continuation.resume(throwing: error)
          }
        }
      }
    }
  }

  private func emit<each Argument: Encodable>(
    _ event: String, _ arguments: repeat each Argument, timeout: Duration?, handler: @escaping AckHandler
  ) {
    let id = namespace.ackIDs.add(1, ordering: .relaxed).oldValue
    do {
      let encoded = try encode(event, ackID: id, repeat each arguments)
      onLoop { [self] in expect(id, timeout: timeout, handler, for: encoded) }
    } catch {
      namespace.report(error)
    }
  }

  private func expect(_ id: UInt64, timeout: Duration?, _ handler: @escaping AckHandler, for event: EncodedEvent) {
    guard isConnected else { return handler(.failure(.disconnected), RawSpan()) }
    guard pendingAcks.count < client.hub.configuration.limits.pendingAcks else {
      return handler(.failure(.tooManyPending), RawSpan())
    }
    pendingAcks.add(id, timeout.map { AckTimeout(self, id: id, after: $0) }, handler)
    sendNow(event)
  }

  func send(_ event: EncodedEvent) {
    if loop.isCurrent { sendNow(event) } else { loop.submit { [self] in sendNow(event) } }
  }

  private func sendNow(_ event: EncodedEvent) {
    guard isConnected else { return }
    client.send(event)
  }

  override func deliver(_ delivery: Delivery) { client.deliver(delivery) }

  /// Everyone in the namespace but this client.
  public var broadcast: BroadcastOperator { BroadcastOperator(namespace, Target(sender: self)) }
  /// Those in the room (or with that socket id), but not this client.
  public func to(_ rooms: String...) -> BroadcastOperator { broadcast.to(rooms) }
  /// The same as ``to(_:)``.
  public func `in`(_ rooms: String...) -> BroadcastOperator { broadcast.to(rooms) }
  /// Everyone but this client and those in the room.
  public func except(_ rooms: String...) -> BroadcastOperator { broadcast.except(rooms) }
  /// This client, if it can take an event at once.
  public var volatile: BroadcastOperator { BroadcastOperator(namespace, Target(rooms: [id])).volatile }

  /// Takes the client out of the namespace; with `close` out of all of them, and closes its connection.
  public func disconnect(_ close: Bool = false) {
    onLoop { [self] in
      guard isConnected else { return }
      if close { client.disconnectAll() } else { client.disconnect(self) }
    }
  }

  // MARK: Receiving, on the loop

  func add(_ event: String, isOnce: Bool, _ handler: @escaping EventHandler) {
    onLoop { [self] in handlers.add(event, isOnce: isOnce, handler) }
  }

  /// Removes all of this socket's handlers of an event.
  public func off(_ event: String) {
    onLoop { [self] in handlers.remove(event) }
  }

  func received(_ event: IncomingEvent, in text: RawSpan) {
    guard isConnected, let name = event.payload.name.text(in: text) else { return }
    for handler in shared.take(name) { call(handler, event, text) }
    if handlers.isEmpty { return }
    for handler in handlers.take(name) { call(handler, event, text) }
  }

  private func call(_ handler: EventHandler, _ event: IncomingEvent, _ text: RawSpan) {
    do { try handler(self, event, text) } catch { namespace.report(error) }
  }

  /// Whether a packet is the client's DISCONNECT from this namespace. The reference never delivers an event that comes
  /// directly before it in one payload: it dispatches later than it disconnects.
  func isLeft(by packet: RawSpan) -> Bool {
    guard packet.byteCount > 0, unsafe packet.unsafeLoad(as: UInt8.self) == PacketType.disconnect.rawValue,
      let head = try? PacketHead(parsing: packet, maximumAttachments: 0)
    else { return false }
    return (head.namespace.map { packet.string($0) } ?? "/") == namespace.name && head.payload == nil
  }

  func received(_ ack: IncomingAck, id: AckID, in text: RawSpan) {
    guard let id = id.integer, let handler = pendingAcks.take(id) else { return }
    handler(.success(ack), text)
  }

  func ackTimedOut(_ id: UInt64) { pendingAcks.take(id)?(.failure(.timedOut), RawSpan()) }

  /// Joins the namespace: from here on the socket is found.
  func connect() {
    local.add(self)
    // An id that nobody can tell the socket from is a room like any other.
    if client.isLegacy, Identifier(id) == nil { try? local.join(self, id) }
  }

  /// The client is gone from the namespace. Handlers of `disconnecting` still find the socket in its rooms, those of
  /// `disconnect` do not.
  func disconnected(_ reason: CloseReason) {
    guard isConnected else { return }
    dispatch("disconnecting", reason.rawValue)
    isConnected = false
    local.remove(self)
    for handler in pendingAcks.takeAll() { handler(.failure(.disconnected), RawSpan()) }
    isConnected = true
    dispatch("disconnect", reason.rawValue)
    isConnected = false
    handlers = EventHandlers()
  }

  /// Calls handlers with an event that no client sent: its name is reserved on the wire.
  private func dispatch(_ name: String, _ argument: String) {
    let handlers = shared.take(name) + self.handlers.take(name)
    guard !handlers.isEmpty else { return }
    var elements = ByteBuffer(string: #"2["","#)
    JSONText.write(argument, into: &elements)
    elements.writeString("]")
    let text = elements.readableBytesSpan
    guard let head = try? PacketHead(parsing: text, maximumAttachments: 0),
      case .event(let payload)? = try? PacketBody(parsing: text, head: head)
    else { return }
    for handler in handlers {
      call(handler, IncomingEvent(payload: payload, attachments: [], ack: Ack()), text)
    }
  }
}

/// Why a socket could not join a room.
public enum RoomError: Error, Sendable, CustomStringConvertible {
  case tooManyRooms(limit: Int)
  case nameTooLong(limit: Int)

  public var description: String {
    switch self {
    case .tooManyRooms(let limit): "a client may be in \(limit) rooms at most"
    case .nameTooLong(let limit): "the name of a room may have \(limit) bytes at most"
    }
  }
}
