internal import BongsuBytes
internal import BongsuReactor
internal import BongsuRooms
internal import BongsuSession
internal import BongsuSocketIO
internal import BongsuWebSocket
internal import NIOCore

/// A client by plain WebSocket. Its methods are for its own loop, where its route's handlers run.
public final class WebSocketPeer: Member, WebSocketTransport, @unchecked Sendable {
  private enum Heartbeat {
    /// Nothing was heard since the last deadline.
    case quiet
    case heard
    /// A ping was sent, with this much to be sent before the peer sees it.
    case asked(queued: UInt32)
  }

  // Ordered so that nothing lies between them: with 85 bytes in all an instance takes 96 of malloc's.

  /// For the route's handlers: whether the peer wants to hear its own messages.
  public var hearsItself = false
  private var isSeated = true
  @safe @exclusivity(unchecked) var isClosing = false
  let connection: Connection
  let deflate: PerMessageDeflate?
  private let route: WebSocketRoute
  private let local: LocalNamespace
  /// The room of ``enter(_:)``.
  public private(set) var room = ""
  // Not checked for overlapping accesses: no event of the decoder's comes back to it, as its protocol demands.
  @safe @exclusivity(unchecked) var decoder = WebSocketDecoder()
  private var heartbeat = Heartbeat.quiet

  init(_ connection: Connection, _ deflate: PerMessageDeflate?, route: WebSocketRoute, hub: Hub) {
    self.connection = connection
    self.deflate = deflate
    self.route = route
    local = route.namespace.memory.local(on: hub)
    super.init()
    connection.delegate = self
    connection.inputFollowsOutput = true
    waitForPing()
  }

  var hub: Hub { local.hub }
  var limits: WebSocketLimits { route.limits }
  var fansOut: Bool { route.fansOut }

  // MARK: Heartbeat

  // A peer that vanishes without a word is noticed by a ping that stays unanswered (RFC 6455 §5.5.2). Whatever it
  // sends or takes meanwhile is a sign of life, too: a pong may stand behind a long message.
  private func waitForPing() {
    heartbeat = .quiet
    connection.setDeadline(connection.loop.now + hub.configuration.webSocketPingInterval)
  }

  func deadlineReached(_ now: MonotonicTime, on connection: Connection) {
    switch heartbeat {
    case _ where isClosing: connection.abort()
    case .heard: waitForPing()
    case .quiet:
      connection.write { WebSocketEncoder.append(.ping, RawSpan(), to: &$0) }
      heartbeat = .asked(queued: UInt32(clamping: connection.queuedBytes))
      connection.setDeadline(now + hub.configuration.webSocketPingTimeout)
    case .asked(let queued):
      if connection.queuedBytes < Int(queued), !connection.isWritable { waitForPing() } else { connection.abort() }
    }
  }

  // MARK: Rooms

  /// Joins a room of the route's namespace; false when it may not.
  @discardableResult
  public func join(_ room: String) -> Bool {
    guard isSeated, room.utf8.count <= hub.limits.roomNameBytes else { return false }
    do throws(RoomsError) { try local.join(self, room) } catch { return false }
    return true
  }

  /// Joins the room that is the peer's own from now on; false when it may not.
  public func enter(_ room: String) -> Bool {
    // A room with a client's id would overhear what is meant for that client alone.
    guard RelayRoom.isValid(room), !route.namespace.isClientID(room), join(room) else { return false }
    self.room = room
    return true
  }

  /// Sends a message to everyone else in a room; without a room, to everyone who came by the same namespace's routes.
  public func broadcast(
    _ message: RawSpan, _ kind: WebSocketRoute.Kind, to room: String? = nil, self isIncluded: Bool
  ) {
    let content = Message(content: .plain(ByteBuffer(message), kind == .text ? .text : .binary))
    let target = Target(rooms: room.map { [$0] } ?? [], sender: isIncluded ? nil : self)
    local.publish(content, to: target)
  }

  // MARK: Sending

  /// Sends a message to this peer. What becomes of it when the peer reads too slowly is the route's policy; an answer
  /// to the peer's own message is always sent, since nothing more is read from a peer that does not take its answers.
  public func send(_ message: RawSpan, _ kind: WebSocketRoute.Kind) {
    if isClosing || !isSeated { return }
    let opcode: Opcode = kind == .text ? .text : .binary
    guard connection.takes(upTo: Self.easyBytes) || connection.loop.reading === connection else {
      let frame = WebSocketEncoder.frame(opcode, message)
      guard admits(.frames(frame, isCompressed: true)) else { return }
      return send(frames: frame)
    }
    send(opcode, message)
  }

  override func deliver(_ delivery: Delivery) {
    if isClosing { return }
    guard connection.takes(upTo: delivery.queuedBytesLimit) else { return deliverSlowly(delivery) }
    connection.send(shared: delivery.plain(for: deflate))
  }

  private func deliverSlowly(_ delivery: Delivery) {
    if delivery.isVolatile, !connection.isWritable { return }
    guard admits(.frames(delivery.plainBytes, isCompressed: delivery.isCompressed)) else { return }
    connection.send(shared: delivery.plain(for: deflate))
  }

  // MARK: Reading slowly

  /// So much is queued in one turn without further questions.
  private static var easyBytes: Int { 64 << 10 }

  /// Messages that were not sent because the peer reads too slowly: see ``SlowReaderPolicy``.
  public var droppedMessages: Int { hub.slowReaders.missed(by: self) }

  /// Whether a message may be sent now; if not, what has to happen instead has happened.
  private func admits(_ message: SlowReaders.Message) -> Bool {
    let readers = hub.slowReaders
    let isOverfull = !connection.makesRoom(upTo: hub.limits.queuedBytes)
    let (isBehind, isStuck) = (readers.isBehind(self), !connection.isWritable)
    switch route.slowReaders.verdict(isBehind: isBehind, isStuck: isStuck, isOverfull: isOverfull) {
    case .send: return true
    case .drop: readers.drop(for: self)
    case .keep: readers.keep(message, for: self)
    case .disconnect: hub.afterwards { [weak self] in self?.dropSlowReader() }
    }
    return false
  }

  func drained() {
    guard let gap = hub.slowReaders.caughtUp(self), !isClosing else { return }
    if gap.missed > 0, let event = route.slowReaders.event {
      var report = ByteBuffer(string: "[")
      JSONText.write(event, into: &report)
      report.writeString(",\(gap.missed)]")
      send(.text, report.readableBytesSpan)
    }
    if case .frames(let frames, let isCompressed)? = gap.latest { send(frames: frames, isCompressed: isCompressed) }
  }

  private func dropSlowReader() {
    guard connection.isOpen else { return }
    hub.slowReaderDisconnected(connection)
    connection.abort()
  }

  /// Says goodbye with this code and closes.
  public func close(code: UInt16, reason: String = "") {
    sendClose(code: code, reason: reason)
    leave()
  }

  // MARK: Receiving

  func received(_ bytes: inout MutableRawSpan, on connection: Connection) {
    heartbeat = .heard
    take(&bytes)
  }

  func received(_ message: RawSpan, _ kind: MessageKind) -> Bool {
    if isClosing { return true }
    note(message, kind)
    route.received(self, message, kind == .text ? .text : .binary)
    return connection.isOpen
  }

  func ended(code: UInt16, reason: String, isError: Bool) { leave() }

  private func leave() {
    guard isSeated else { return }
    isSeated = false
    hub.notePeer(self, came: false)
    local.remove(self)
    hub.slowReaders.forget(self)
  }
}
