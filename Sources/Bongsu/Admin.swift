internal import BongsuSession
internal import BongsuSocketIO
internal import FoundationEssentials
import Synchronization

/// A server as its Admin UI sees it: the namespace where the pages connect. From any thread.
///
/// Events and their arguments are those of the reference (socket.io-admin-ui, typed-events.ts).
final class Admin: Sendable {
  private struct Config: Encodable {
    let supportedFeatures: [String]
  }

  unowned let server: Server
  unowned let namespace: Namespace
  let options: AdminUI
  private let login: AdminLogin?
  private let pages = Atomic<Int>(0)
  private let stats: AdminStats
  private let budget: AdminBudget

  init(_ server: Server, _ namespace: Namespace, _ options: AdminUI, _ login: AdminLogin?) {
    self.server = server
    self.namespace = namespace
    self.options = options
    self.login = login
    stats = AdminStats(of: server, options)
    budget = AdminBudget(perSecond: options.eventsPerSecond)
  }

  /// Whether somebody hears what is said here. Of pages at other servers nothing is known.
  var isWatched: Bool { pages.load(ordering: .relaxed) > 0 || !isAlone }

  private var isAlone: Bool { namespace.adapter is MemoryAdapter }

  var isDetailed: Bool { options.mode == .development }

  /// Lets pages in.
  func open() {
    if let login {
      namespace.use { [self] (socket: Socket) async throws in
        do { try await login.check(socket.handshake) } catch {
          server.log.adminRefused(peer: socket.handshake.address)
          throw error
        }
      }
    }
    namespace.on("connection") { [self] (socket: Socket) -> Void in welcome(socket) }
    namespace.onEvent("disconnect") { [self] _, _, _ in pages.subtract(1, ordering: .relaxed) }
    if !options.isReadOnly { handleCommands() }
    if isDetailed { server.namespaces.forEachEver { [self] in mirror($0) } }
  }

  /// The server's loops are about to run.
  func started() { if !isAlone { stats.begin() } }

  private func welcome(_ page: Socket) {
    pages.add(1, ordering: .relaxed)
    // The page's handlers are there from CONNECT on.
    if let login, let session = login.session(for: page.handshake) { page.emit("session", session) }
    page.emit("config", Config(supportedFeatures: options.features))
    stats.begin()
    guard isDetailed else { return }
    Task { page.emit("all_sockets", await allSockets()) }
  }

  // MARK: Numbers

  /// Tells of what has been counted, when anybody wants to know; says whether to go on.
  func tell(_ stats: ServerStats) -> Bool {
    if isWatched { namespace.emit("server_stats", stats) }
    return isWatched
  }

  // MARK: Clients coming, going and changing

  private func allSockets() async -> [AdminSocket] {
    let listing = AdminListing(options)
    var (sockets, count) = ([AdminSocket](), 0)
    for namespace in server.namespaces.all {
      let found = await namespace.memory.gather(Target()) { listing.list($0) }
      count += found.count
      sockets += found.compactMap(\.self)
    }
    if sockets.count < count { server.log.adminListCut(told: sockets.count, of: count) }
    return sockets
  }

  private func mirror(_ mirrored: Namespace) {
    let (name, isOwn) = (mirrored.name, mirrored === namespace)
    mirrored.onConnectionFirst { [self] socket in
      if isWatched {
        namespace.emit("socket_connected", AdminSocket(socket, shownBytes: options.shownBytes), now)
      }
      // Each event of a page would lead to another.
      if !isOwn { mirrorEvents(of: socket) }
    }
    mirrored.onEvent("disconnect") { [self] socket, event, text in
      guard isWatched else { return }
      var decoder = ArgumentDecoder(event.payload.arguments, attachments: [], ack: event.ack)
      namespace.emit("socket_disconnected", name, socket.id, try decoder.next(String.self, in: text), now)
    }
    mirrored.onRoomEvent { [self] event in
      switch event {
      case .joined(let room, let id) where !RelayRoom.isWatch(room): tell("room_joined", name, room, id)
      case .left(let room, let id) where !RelayRoom.isWatch(room): tell("room_left", name, room, id)
      case .created, .deleted, .joined, .left: break
      }
    }
  }

  private func tell(_ event: String, _ name: String, _ room: String, _ id: String) {
    if isWatched { namespace.emit(event, name, room, id, now) }
  }

  /// A client that came by long polling has a WebSocket now.
  func upgraded(_ client: Client) {
    guard isDetailed, isWatched else { return }
    for socket in client.session.sockets {
      namespace.emit("socket_updated", AdminSocketUpdate(socket, transport: "websocket"))
    }
  }

  /// What the server keeps about a socket has changed.
  func dataChanged(_ socket: Socket) {
    guard isDetailed, socket.connected, isWatched else { return }
    let data = socket.data.shown(bytes: options.shownBytes)
    namespace.emit("socket_updated", AdminSocketUpdate(socket, data: data))
  }

  // MARK: Events

  private func mirrorEvents(of socket: Socket) {
    let (name, id) = (socket.namespace.name, socket.id)
    socket.onAny { [self] in tell("event_received", name, id, $0) }
    socket.onAnyOutgoing { [self] in tell("event_sent", name, id, $0) }
  }

  /// A page that reads slowly does not hear of all events.
  private func tell(_ what: String, _ name: String, _ id: String, _ event: SocketEvent) {
    guard isWatched, budget.allows(.now) else { return }
    namespace.volatile.emit(what, name, id, event.shown(bytes: options.shownBytes), now)
  }

  /// As `JSON.stringify` writes a date.
  private var now: String { Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
}
