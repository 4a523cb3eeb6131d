internal import BongsuBytes
internal import BongsuReactor
internal import BongsuRooms
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore
import NIOConcurrencyHelpers
import Synchronization

/// One client in one namespace.
///
/// Every method is for any thread; on the socket's own loop, where its handlers run, it takes effect at once, elsewhere
/// as soon as the loop comes to it, in the order of the calls of one thread.
public final class Socket: Member, @unchecked Sendable {
  /// In this order, each once at most.
  enum State: UInt8, AtomicRepresentable {
    /// The namespace's middlewares decide about it.
    case joining
    case connected
    /// As connected, but handlers of `disconnecting` hear of the end already.
    case leaving
    case gone
  }

  /// Changed on the socket's loop only.
  private let state = Atomic<State>(.joining)
  /// Whether this is the continuation of a connection that was lost: the client has its id, rooms and data as before,
  /// and has been sent what it has missed (``Configuration/connectionStateRecovery``).
  public let recovered: Bool
  // Every delivery looks at these two, side by side, and most at nothing else: a thousand clients' transports, sessions
  // and so on do not fit the processor's cache.

  /// Nil until there is one.
  @safe @exclusivity(unchecked) var extras: SocketExtras?
  /// The client's ``EngineClient/shortcut``, as long as the socket is in its namespace.
  @safe @exclusivity(unchecked) private var shortcut: Held<Connection>?
  /// Where the client is; it may be in others as well, by other sockets.
  public let namespace: Namespace
  let identifier: Identifier
  /// The client with all its namespaces; what users see of it is ``client``.
  let holder: Client
  /// The namespace's handlers for every socket.
  @safe @exclusivity(unchecked) var shared = EventHandlers()
  @safe @exclusivity(unchecked) var handlers = EventHandlers()
  private var pendingAcks = PendingAcks()
  private let particulars = AtomicLazyReference<Particulars>()

  /// Apart, because most clients have none: what they sent with their request to join, and ``data``, from its first
  /// use on.
  private final class Particulars: Sendable {
    let auth: ByteBuffer?
    let data = NIOLockedValueBox(SocketData())

    init(auth: ByteBuffer? = nil) { self.auth = auth }
  }

  /// What the client sent with its request to join, as JSON; `nil` when it sent nothing.
  var auth: ByteBuffer? { particulars.load()?.auth }

  init(_ client: Client, namespace: Namespace, auth: ByteBuffer?, continuing restored: RestoredSession? = nil) {
    holder = client
    self.namespace = namespace
    recovered = restored != nil
    if let restored {
      identifier = restored.identifier
    } else {
      identifier = client.isLegacy && namespace.name == "/" ? client.id : Identifier(loop: client.hub.index)
    }
    super.init()
    if let auth { _ = particulars.storeIfNil(Particulars(auth: auth)) }
    prepareContinuity(restored)
    if let restored { data = restored.session.data }
  }

  /// 20 characters, unguessable, and not the id of the transport's session. A client of Socket.IO 2 knows it from that
  /// id: it is the same for `/`, and `/name#` and the same for other namespaces.
  public var id: String { holder.isLegacy ? legacyID : identifier.description }

  private var legacyID: String { namespace.name == "/" ? holder.sid : "\(namespace.name)#\(holder.sid)" }

  /// Whether the client is in the namespace: not while middlewares decide about it, and not after it has gone.
  public var connected: Bool {
    let state = state.load(ordering: .relaxed)
    return state == .connected || state == .leaving
  }

  /// What the server keeps about the client: see ``SocketData``. Changing it in several threads at a time keeps the
  /// last change only.
  public var data: SocketData {
    get { particulars.load()?.data.withLockedValue { $0 } ?? SocketData() }
    set {
      (particulars.load() ?? particulars.storeIfNil(Particulars())).data.withLockedValue { $0 = newValue }
      // It may be kept for longer than its server.
      if !isGone { holder.server.admin.load()?.dataChanged(self) }
    }
  }

  /// Messages that were not sent because the client reads too slowly: see ``SlowReaderPolicy``. 0 once it is gone.
  public var droppedMessages: Int { holder.hub.slowReaders.missed(by: self) }

  var loop: Loop { holder.hub.loop }

  /// Whether the id does not say on which loop the socket is.
  var isAstray: Bool { holder.isLegacy || identifier.loop != holder.hub.index }

  /// Whether its end has begun, so that it need not be taken out any more.
  var isLeaving: Bool { state.load(ordering: .relaxed) == .leaving }

  var isGone: Bool { state.load(ordering: .relaxed) == .gone }

  var localNamespace: LocalNamespace { namespace.memory.local(on: holder.hub) }

  /// Runs `body` where the socket's handlers run, on its loop: now when called there, else soon. From any thread, as
  /// long as there is the server; one that has been closed does not run it.
  public func onLoop(_ body: @escaping @Sendable () -> Void) {
    if loop.isCurrent { return body() }
    if namespace.memory.recovery == nil { return loop.submit(body) }
    namespace.memory.submit(to: HubReference(holder.hub)) { _ in body() }
  }

  /// For what few sockets have.
  func addExtra(_ body: @escaping @Sendable (SocketExtras) -> Void) {
    onLoop { [self] in
      guard !isGone else { return }
      let extras = self.extras ?? SocketExtras()
      self.extras = extras
      body(extras)
    }
  }

  /// Takes the client out of the namespace; with `close` out of all of them, and closes its connection.
  public func disconnect(_ close: Bool = false) {
    onLoop { [self] in
      guard connected else { return }
      if close { holder.disconnectAll() } else { holder.disconnect(self) }
    }
  }

  // MARK: Life, on the loop

  /// Joins the namespace: from here on the socket is found.
  func connect() {
    state.store(.connected, ordering: .relaxed)
    findShortcut()
    holder.hub.noteJoined(self)
    localNamespace.add(self)
    // An id that nobody can tell the socket from is a room like any other.
    if holder.isLegacy, Identifier(id) == nil { try? localNamespace.join(self, id) }
    if recovered, isAstray { localNamespace.joinOwn(self) }
    guard let rooms = extras?.earlyRooms else { return }
    for room in rooms { join(room) }
  }

  /// The client may not join the namespace, or was gone before that was decided.
  func abandon() {
    giveBackContinuity()
    state.store(.gone, ordering: .relaxed)
    holder.hub.slowReaders.forget(self)
    for handler in takeAllAcks() { handler(.failure(.disconnected), RawSpan()) }
    handlers = EventHandlers()
    extras = nil
    namespace.left()
  }

  /// The client is gone from the namespace. Handlers of `disconnecting` still find the socket in its rooms, those of
  /// `disconnect` do not.
  func disconnected(_ reason: CloseReason) {
    guard state.load(ordering: .relaxed) == .connected else { return }
    state.store(.leaving, ordering: .relaxed)
    dropShortcut()
    holder.hub.noteLeft(self, reason)
    dispatch("disconnecting", reason)
    keepContinuity(reason)
    state.store(.gone, ordering: .relaxed)
    localNamespace.remove(self)
    for handler in takeAllAcks() { handler(.failure(.disconnected), RawSpan()) }
    dispatch("disconnect", reason)
    holder.hub.slowReaders.forget(self)
    handlers = EventHandlers()
    extras = nil
    namespace.left()
  }

  // MARK: Acknowledgements, on the loop

  /// Waits for an acknowledgement; returns why not, if so.
  func expectAck(_ id: UInt64, timeout: Duration?, _ handler: @escaping AckHandler) -> AckError? {
    guard !isGone else { return .disconnected }
    guard pendingAcks.count < holder.hub.limits.pendingAcks else {
      holder.hub.reached(.pendingAcks, by: holder)
      return .tooManyPending
    }
    holder.hub.counters.pendingAcks += 1
    pendingAcks.add(id, timeout.map { AckTimeout(self, id: id, after: $0) }, handler)
    return nil
  }

  private func takeAck(_ id: UInt64) -> AckHandler? {
    guard let handler = pendingAcks.take(id) else { return nil }
    holder.hub.counters.pendingAcks -= 1
    return handler
  }

  private func takeAllAcks() -> [AckHandler] {
    holder.hub.counters.pendingAcks -= pendingAcks.count
    return pendingAcks.takeAll()
  }

  func received(_ ack: IncomingAck, id: AckID, in text: RawSpan) {
    guard let id = id.integer, let handler = takeAck(id) else { return }
    handler(.success(ack), text)
  }

  func ackTimedOut(_ id: UInt64) { takeAck(id)?(.failure(.timedOut), RawSpan()) }

  /// Nobody waits for the acknowledgement any more.
  func forgetAck(_ id: UInt64) { _ = takeAck(id) }

  // MARK: Broadcasts, on the loop

  override func deliver(_ delivery: Delivery) {
    if extras != nil, !hears(delivery) { return }
    if !deliverByShortcut(delivery) { holder.deliver(delivery, to: self) }
  }

  /// What few sockets have: a history of what they have been sent, listeners to what they are sent.
  @inline(never)
  private func hears(_ delivery: Delivery) -> Bool {
    guard let extras else { return true }
    if let continuity = extras.continuity, !mayHear(delivery, continuity) { return false }
    if !extras.outgoing.isEmpty { tell(extras.outgoing, of: delivery.encoded) }
    return true
  }

  @inline(__always)
  private func deliverByShortcut(_ delivery: Delivery) -> Bool {
    if shortcut == nil { return false }
    // A parser of the server's owner may be called to make them, and do anything: before the connection is lent.
    let frames = delivery.frames(for: nil)
    let isSent = shortcut?.lend { connection in
      assert(connection === holder.shortcut, "the shortcut of another time")
      guard connection.takes(upTo: delivery.queuedBytesLimit) else { return false }
      connection.send(shared: frames)
      return true
    }
    return isSent ?? false
  }

  var hasShortcut: Bool { shortcut != nil }

  /// Sends a frame that is no other client's by the shortcut; false if it has to leave in another way.
  @inline(__always)
  func sendByShortcut(_ frame: RawSpan) -> Bool {
    if shortcut == nil { return false }
    let isSent = shortcut?.lend { connection in
      // Nothing waits, so that the policy need not be asked.
      guard connection.takes(upTo: namespace.limits.queuedBytes) else { return false }
      // Who reads the log is somebody to call.
      guard !connection.loop.isTraced else { return false }
      _ = connection.loop.noteSent()
      connection.write(limit: frame.byteCount) { $0.append(contentsOf: frame) }
      return true
    }
    return isSent ?? false
  }

  /// Looks again whether there is a shortcut.
  func findShortcut() {
    shortcut = state.load(ordering: .relaxed) == .connected ? holder.shortcut.map { Held($0) } : nil
  }

  func dropShortcut() { shortcut = nil }
}
