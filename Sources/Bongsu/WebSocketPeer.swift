internal import BongsuBytes
internal import BongsuReactor
internal import BongsuRooms
internal import BongsuSession
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

  // Ordered so that nothing lies between them: with 104 bytes in all an instance takes 112 of malloc's.

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
  @safe @exclusivity(unchecked) var decoder: WebSocketDecoder
  private var heartbeat = Heartbeat.quiet

  init(_ connection: Connection, _ deflate: PerMessageDeflate?, route: WebSocketRoute, hub: Hub) {
    self.connection = connection
    self.deflate = deflate
    self.route = route
    local = route.namespace.memory.local(on: hub)
    decoder = WebSocketDecoder(limits: route.limits)
    super.init()
    connection.delegate = self
    connection.inputFollowsOutput = true
    waitForPing()
  }

  var hub: Hub { local.hub }
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
    guard isSeated, room.utf8.count <= hub.configuration.limits.roomNameBytes else { return false }
    do throws(RoomsError) { try local.join(self, room) } catch { return false }
    return true
  }

  /// Joins the room that is the peer's own from now on; false when it may not.
  public func enter(_ room: String) -> Bool {
    // A room with a client's id would overhear what is meant for that client alone.
    guard RoomName.isValid(room), route.namespace.sockets[room] == nil, join(room) else { return false }
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

  /// Sends a message to this peer.
  public func send(_ message: RawSpan, _ kind: WebSocketRoute.Kind) {
    if isClosing { return }
    send(kind == .text ? .text : .binary, message)
  }

  override func deliver(_ delivery: Delivery) {
    if isClosing || delivery.isVolatile && !connection.isWritable { return }
    guard connection.send(shared: delivery.plain(for: deflate), limit: delivery.queuedBytesLimit) else {
      return hub.afterwards { [weak self] in self?.connection.abort() }
    }
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
    route.received(self, message, kind == .text ? .text : .binary)
    return connection.isOpen
  }

  func drained() {}

  func ended(code: UInt16, reason: String, isError: Bool) { leave() }

  private func leave() {
    guard isSeated else { return }
    isSeated = false
    local.remove(self)
  }
}
