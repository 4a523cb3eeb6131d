internal import BongsuReactor
internal import BongsuRooms
internal import BongsuWebSocket
internal import CoreMetrics
internal import Logging
import NIOConcurrencyHelpers
import Synchronization

/// A Socket.IO server that is also a plain WebSocket server and serves a few pages.
///
/// ```swift
/// let io = Server()
/// io.on("connection") { socket in
///   socket.on("chat") { (text: String) in io.emit("chat", text) }
/// }
/// try await io.run(port: 3000)
/// ```
///
/// Routes are declared before it starts; everything else is for any time and thread.
public final class Server: Sendable {
  private struct Lifecycle {
    var hubs: [HubReference] = []
    var group: LoopGroup?
    var waiting: [CheckedContinuation<Void, Never>] = []
    var isClosing = false
    var isOver = false
  }

  /// As it was when the server was made.
  public let configuration: Configuration
  /// Where Socket.IO is spoken.
  let engine: EngineEndpoint
  let admissions: Admissions
  let log: ServerLog
  /// `nil` when nobody listens.
  let metrics: ServerMetrics?
  /// `nil` without TLS.
  let certificates: Certificates?
  let roomTable: RoomTable
  let loopCount: Int
  let hubGroup = Hubs()
  let namespaces: Namespaces
  /// From ``instrument(_:)`` on.
  let admin = AtomicLazyReference<Admin>()
  /// The namespace `/`.
  public let sockets: Namespace
  /// How many connections others have accepted for the server: its loops take turns.
  let adoptions = Atomic<Int>(0)
  private let routes = NIOLockedValueBox(Routes())
  private let lifecycle = NIOLockedValueBox(Lifecycle())

  /// A server that listens nowhere yet.
  public init(_ configuration: Configuration = Configuration()) {
    log = ServerLog(configuration.logger)
    let configuration = configuration.reporting(to: log)
    self.configuration = configuration
    metrics = ServerMetrics(configuration.metrics ?? MetricsSystem.factory)
    loopCount = max(1, min(configuration.loops, RoomTable.maximumLoops - 1))
    admissions = Admissions(configuration.limits)
    certificates = configuration.tls.map { [log] in Certificates($0, log: log, onError: configuration.onError) }
    roomTable = RoomTable(loops: loopCount)
    engine = EngineEndpoint(configuration.socketIOEngine, open: Client.init)
    namespaces = Namespaces(configuration, hubGroup, loops: loopCount)
    sockets = namespaces.of("/")
    routes.withLockedValue { [engine] in $0.engines = [engine] }
    namespaces.belong(to: self)
  }

  var hubs: [HubReference] { hubGroup.list }

  // MARK: Routes

  /// Answers GET and HEAD requests for a path. An `ETag` in the answer is compared with the client's own.
  public func page(_ path: String, _ handler: @escaping @Sendable (Request) -> Response) {
    routes.withLockedValue { $0.pages[path] = handler }
  }

  /// Accepts plain WebSockets at a path, or below one that ends with `/*`.
  ///
  /// - Parameters:
  ///   - path: where they connect.
  ///   - namespace: whose rooms the peers may join, and so share with Socket.IO clients; by default rooms of their own.
  ///   - messageBytes: of one message; larger ones are closed with 1009.
  ///   - fragments: of one message; more are closed with 1008.
  ///   - compression: of messages, by default as ``Configuration/compression`` says.
  ///   - slowReaders: what becomes of messages for peers that read too slowly, by default as
  ///     ``Configuration/slowReaders`` says.
  ///   - fansOut: whether a message may go to many, which is worth an interruption now and then; not for an echo.
  ///   - opened: is given each new peer and its request, on the peer's loop.
  ///   - received: is given each message, on the peer's loop; its bytes are gone after the call.
  public func webSocket(
    _ path: String, sharing namespace: Namespace? = nil, messageBytes: Int? = nil, fragments: Int? = nil,
    compression: Compression? = nil, slowReaders: SlowReaderPolicy? = nil, fansOut: Bool = true,
    opened: @escaping @Sendable (WebSocketPeer, Request) -> Void = { _, _ in },
    received: @escaping @Sendable (WebSocketPeer, RawSpan, WebSocketRoute.Kind) -> Void
  ) {
    let limits = WebSocketLimits(
      messageBytes: messageBytes ?? configuration.limits.messageBytes,
      fragments: fragments ?? configuration.limits.fragments)
    let route = WebSocketRoute(
      pattern: path, namespace: namespace ?? namespaces.plain(path), limits: limits,
      compression: compression ?? configuration.compression, slowReaders: slowReaders ?? configuration.slowReaders,
      fansOut: fansOut, opened: opened, received: received)
    routes.withLockedValue { $0.webSockets.append(route) }
  }

  /// Answers GET requests for the reference's browser client with files of a directory, read now: those named
  /// `socket.io….js` and their maps, below ``EngineOptions/path``. Returns their names.
  @discardableResult
  public func serveClient(from directory: String) throws -> [String] {
    let files = try ClientFiles.read(directory)
    for file in files { page(engine.path + file.name) { file.response(to: $0) } }
    return files.map(\.name)
  }

  /// Serves bare Engine.IO, without Socket.IO on top.
  public func engine(_ route: EngineRoute) {
    var options = route.options ?? configuration.engine
    options.path = route.path
    let endpoint = EngineEndpoint(options) { EngineMessageClient(route, $0) }
    routes.withLockedValue { $0.engines.append(endpoint) }
  }

  /// How many clients are connected by Engine.IO to Socket.IO now, in whatever namespaces; for any thread.
  public var clientsCount: Int { engine.clientsCount.load(ordering: .relaxed) }

  /// Messages that were not sent because their clients read too slowly, since the server has started; for any thread.
  /// See ``SlowReaderPolicy``.
  public var droppedMessages: Int { hubs.reduce(0) { $0 + $1.slowReaders.missed } }

  // MARK: Running

  /// Listens and serves until ``close()``; returns the port. Throws when it cannot listen there, or use the
  /// certificates (``CertificateError``).
  ///
  /// - Parameters:
  ///   - host: the address to listen on.
  ///   - port: 0 for one that is free.
  ///   - signals: the first of these signals that the process gets calls ``close()``, the second ends at once.
  ///   - reloadSignals: each of these signals calls ``reloadCertificates()``.
  @discardableResult
  public func start(
    host: String = "127.0.0.1", port: UInt16 = 3000, closingOn signals: [Int32] = [],
    reloadingOn reloadSignals: [Int32] = []
  ) throws -> UInt16 {
    let (group, port) = try listen(host: host, port: port, closingOn: signals, reloadingOn: reloadSignals)
    group.start { [self] in over() }
    return port
  }

  /// As ``start(host:port:closingOn:reloadingOn:)``, but the calling thread is the first loop's: blocks until the
  /// server has been closed. For a program that is nothing else: as long as it has only this one thread, every system
  /// call is a little cheaper. `listening` is told the port, before anybody is served.
  @available(*, noasync, message: "blocks its thread; use run(host:port:closingOn:)")
  public func runBlocking(
    host: String = "127.0.0.1", port: UInt16 = 3000, closingOn signals: [Int32] = [],
    reloadingOn reloadSignals: [Int32] = [], listening: (UInt16) throws -> Void = { _ in }
  ) throws {
    let (group, port) = try listen(host: host, port: port, closingOn: signals, reloadingOn: reloadSignals)
    do { try listening(port) } catch {
      giveUp()
      throw error
    }
    group.run { [self] in over() }
  }

  /// Makes everything ready that the loops need.
  private func listen(
    host: String, port: UInt16, closingOn signals: [Int32], reloadingOn reloadSignals: [Int32]
  ) throws -> (LoopGroup, UInt16) {
    let group = try makeLoops()
    let port = try Listener.probe(host: host, port: port)
    openHubs(on: group)
    do {
      for hub in hubs { try hub.value.listen(host: host, port: port) }
    } catch {
      giveUp()
      throw error
    }
    prepare(group, closingOn: signals, reloadingOn: reloadSignals)
    log.info("listening", ["host": .string(host), "port": .stringConvertible(port)])
    return (group, port)
  }

  /// The loops do not run: nobody may wait for them, and the server may be started again.
  private func giveUp() {
    lifecycle.withLockedValue { $0.group = nil }
    for hub in hubs {
      hub.value.listener?.close()
      hub.value.listener = nil
      hub.loop.delegate = nil
    }
    hubGroup.list = []
  }

  func makeLoops() throws -> LoopGroup {
    try certificates?.load()
    guard let group = LoopGroup(count: loopCount) else { throw ServerError.outOfResources }
    prepareRings(group)
    return group
  }

  /// Each loop gets its part of the server.
  func openHubs(on group: LoopGroup) {
    let routes = self.routes.withLockedValue { $0 }
    hubGroup.list = group.loops.map { HubReference(Hub(self, loop: $0, routes: routes)) }
  }

  /// The last thing before the loops run.
  func prepare(_ group: LoopGroup, closingOn signals: [Int32] = [], reloadingOn reloadSignals: [Int32] = []) {
    if let certificates, let first = group.loops.first { CertificateWatch(certificates, on: first)?.begin() }
    lifecycle.withLockedValue { $0.group = group }
    for hub in hubs {
      hub.loop.delegate = hub.value
      hub.value.observe()
    }
    admin.load()?.started()
    guard !signals.isEmpty || !reloadSignals.isEmpty else { return }
    group.loops.first?.watch(signals: Set(signals + reloadSignals)) { [self] signal in
      if signals.contains(signal) { close() } else { reloadCertificates() }
    }
  }

  /// Starts, and returns when the server has been closed.
  public func run(
    host: String = "127.0.0.1", port: UInt16 = 3000, closingOn signals: [Int32] = []
  ) async throws {
    try start(host: host, port: port, closingOn: signals)
    await closed()
  }

  /// Returns when the server has been closed.
  public func closed() async {
    await withCheckedContinuation { continuation in
      let isOver = lifecycle.withLockedValue { lifecycle in
        if !lifecycle.isOver { lifecycle.waiting.append(continuation) }
        return lifecycle.isOver
      }
      if isOver { continuation.resume() }
    }
  }

  /// Stops accepting, says goodbye to every client in its own protocol, and ends when all of them are gone or after
  /// ``Configuration/shutdownTime``. A second call is as ``stop()``.
  public func close() {
    let isFirst = lifecycle.withLockedValue { lifecycle in
      defer { lifecycle.isClosing = true }
      return !lifecycle.isClosing
    }
    guard isFirst else { return stop() }
    log.info("closing", ["clients": .stringConvertible(clientsCount)])
    for hub in hubs { hub.loop.submitFirst { hub.value.drain() } }
  }

  /// Ends at once: nobody is said goodbye to.
  public func stop() {
    let group = lifecycle.withLockedValue { lifecycle in
      lifecycle.isClosing = true
      return lifecycle.group
    }
    group?.stop()
  }

  /// Whether clients may come: from ``start(host:port:closingOn:reloadingOn:)`` to ``close()``.
  public var isReady: Bool { lifecycle.withLockedValue { $0.group != nil && !$0.isClosing } }

  private func prepareRings(_ group: LoopGroup) {
    guard configuration.ioUring else { return group.loops.forEach { $0.batching = .none } }
    if let obstacle = Loop.obstacleToRings() {
      log.notice("io_uring cannot be used", ["reason": .string(obstacle.description)])
    }
  }

  /// Reads the certificates' files again, for connections that begin from now on; see ``TLSConfiguration``. Does
  /// nothing without TLS.
  public func reloadCertificates() { certificates?.reload() }

  func over() {
    let waiting = lifecycle.withLockedValue { lifecycle in
      lifecycle.isOver = true
      defer { lifecycle.waiting = [] }
      return lifecycle.waiting
    }
    for namespace in namespaces.all { namespace.adapter.close() }
    // The loops have ended: nobody else counts any more.
    for hub in hubs { hub.value.metrics?.end() }
    log.info("closed")
    for continuation in waiting { continuation.resume() }
  }
}
