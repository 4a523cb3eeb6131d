internal import BongsuBytes
internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuRooms
internal import BongsuSession
internal import BongsuWebSocket
internal import Logging
internal import NIOCore
import Synchronization

/// Everything of a server that lives on one loop: its connections, sessions and members of rooms. Only the loop's
/// thread touches it.
final class Hub: LoopDelegate {
  /// Where a request goes.
  enum Destination: Equatable {
    case stay
    /// It wants to leave HTTP.
    case upgrade
    /// Its session lives on this other loop.
    case loop(Int)
  }

  let loop: Loop
  let index: Int
  let configuration: Configuration
  /// The configuration's, where a message may look at one without a copy of everything else.
  let limits: Limits
  let allowedOrigins: [OriginPattern]?
  let routes: Routes
  unowned let server: Server
  let load = InboxLoad()
  let slowReaders = SlowReaders()
  private let memoryReturn = MemoryReturn()
  private(set) lazy var congestion = Congestion(self)
  private(set) var sessions: [Identifier: EngineClient] = [:]
  var sessionNames = SessionNames()
  /// Of sessions that somebody listens to, few of all.
  var engineListeners: [Identifier: EngineListeners] = [:]
  /// Sessions of Socket.IO that have not joined a namespace yet.
  var newcomers = 0
  /// Messages handed to members in this turn.
  private var deliveries = 0
  /// Bytes of messages that were handed to members in this turn, and of those that took the work of decompressing.
  private var messageBytes = 0
  /// Messages that are being handed to members just now, one in the middle of another.
  var deliveriesUnderWay = 0
  // Not checked for overlapping accesses: a value that calls nobody.
  @safe @exclusivity(unchecked) var counters = HubCounters()
  /// Nil while somebody writes with it, who may call others that want one.
  @safe @exclusivity(unchecked) private var encoder: ArgumentEncoder?
  private(set) var metrics: HubMetrics?
  var isDraining = false
  var listener: Listener?
  var connections: [ObjectIdentifier: HTTPConnection] = [:]
  private var deflatePools: [Compression: DeflatePool] = [:]
  /// Polling clients with something to say at the end of this turn.
  private var talkative: [EngineClient] = []
  /// Called at the end of this turn, when no visit of a room is under way any more.
  private var farewells: [() -> Void] = []

  init(_ server: Server, loop: Loop, routes: Routes) {
    self.server = server
    self.loop = loop
    self.routes = routes
    index = loop.index
    configuration = server.configuration
    limits = configuration.limits
    allowedOrigins = configuration.allowedOrigins.map { $0.map { OriginPattern($0) } }
    loop.handshakesPerTurn = configuration.limits.handshakesPerTurn
  }

  /// The server starts, on whatever thread.
  func observe() {
    loop.isTraced = server.log.isTracing
    metrics = server.metrics.map { HubMetrics($0, of: self) }
  }

  func listen(host: String, port: UInt16) throws(AddressError) {
    let hub = self
    listener = try Listener(on: loop, host: host, port: port, accept: { hub.accept($0) }, failed: { _ in })
  }

  /// A connection that has just come.
  func accept(_ connection: Connection) {
    if let limit = server.admissions.admit(connection) {
      counters.connectionsRefused[limit == .connections ? .limit : .address, default: 0] += 1
      reached(limit, by: connection)
      return connection.abort()
    }
    server.log.debug("connection opened", connection.logged)
    if let context = server.certificates?.context { secure(connection, with: context) } else { serve(connection) }
  }

  func serve(_ connection: Connection, _ screening: Screening? = nil) {
    let http = HTTPConnection(connection, hub: self, screening: screening)
    connections[ObjectIdentifier(http)] = http
    connection.delegate = http
  }

  func forget(_ http: HTTPConnection) {
    connections[ObjectIdentifier(http)] = nil
    if connections.isEmpty, connections.capacity > 1024 { connections = [:] }
  }

  /// Hands a connection with what it has received to the loop of its session.
  func move(_ connection: Connection, to index: Int, received: ByteBuffer, _ screening: Screening?) {
    guard let http = connection.delegate as? HTTPConnection else { return }
    forget(http)
    let hub = server.hubs[index]
    connection.move(to: hub.loop, received: received) { connection, received in
      hub.value.serve(connection, screening)
      var received = received
      var bytes = received.mutableReadableBytesSpan
      connection.delegate?.received(&bytes, on: connection)
    }
  }

  // MARK: Sessions

  func add(_ client: EngineClient) {
    sessions[client.id] = client
    client.endpoint.clientsCount.add(1, ordering: .relaxed)
    noteOpened(client)
    memoryReturn.counted(sessions.count, on: loop)
  }

  func remove(_ client: EngineClient, _ reason: CloseReason) {
    sessions[client.id] = nil
    noteClosed(client, reason)
    client.endpoint.clientsCount.subtract(1, ordering: .relaxed)
    memoryReturn.counted(sessions.count, on: loop)
    // A dictionary keeps the room of its largest day.
    if sessions.isEmpty { sessions = [:] }
  }

  /// The client will be asked to flush when the turn ends.
  func flushLater(_ client: EngineClient) { talkative.append(client) }

  /// Runs `body` when the turn ends; for what would disturb a visit of a room.
  func afterwards(_ body: @escaping () -> Void) { farewells.append(body) }

  func turnEnding(on loop: Loop) {
    while !farewells.isEmpty || !talkative.isEmpty {
      let farewells = self.farewells
      self.farewells = []
      for farewell in farewells { farewell() }
      let talkative = self.talkative
      self.talkative = []
      for client in talkative { client.flush() }
    }
    renewBudget()
    server.roomTable.quiesce(loop: index)
    if isDraining, loop.connectionCount == 0 { loop.stop() }
  }

  // MARK: Work

  /// What a packet may be written with until it is given back.
  func takeEncoder() -> ArgumentEncoder { encoder.take() ?? ArgumentEncoder(parser: configuration.parser) }

  /// - Precondition: `encoder` has forgotten everything.
  func giveBack(_ encoder: consuming ArgumentEncoder) { self.encoder = consume encoder }

  private static var deliveriesPerTurn: Int { 1 << 16 }
  /// Far less than may wait for a client: what one turn brings does not make a slow reader of anybody.
  private static var messageBytesPerTurn: Int { 1 << 20 }

  /// A message of so many bytes was handed to so many members.
  func delivered(_ count: Int, bytes: Int) {
    deliveries += count
    messageBytes += bytes
    counters.deliveries &+= count
  }

  /// A message of so many bytes was decompressed, and perhaps its answer compressed.
  func unpacked(_ bytes: Int) { messageBytes += bytes }

  /// Messages may go on being handed out in this turn; else the rest waits for a later one, whoever it comes from.
  var mayDeliverMore: Bool { deliveries < Self.deliveriesPerTurn && messageBytes < Self.messageBytesPerTurn }

  func arrivalsBegin(on loop: Loop) { renewBudget() }

  func mayGoOn(on loop: Loop) -> Bool { mayDeliverMore }

  private func renewBudget() { (deliveries, messageBytes) = (0, 0) }

  func connectionClosed(on loop: Loop) { server.admissions.closed() }

  // MARK: Compression

  /// What a connection of this loop compresses with.
  func deflate(_ compression: Compression, _ agreement: DeflateAgreement) -> PerMessageDeflate? {
    guard let settings = compression.settings else { return nil }
    let pool = deflatePools[compression] ?? DeflatePool(settings)
    deflatePools[compression] = pool
    return pool.member(agreement)
  }
}

/// A reference on its way to a later moment of the same thread.
struct UncheckedReference<Value: AnyObject>: @unchecked Sendable {
  let value: Value
}

/// A reference that other threads may carry to the hub's own.
struct HubReference: @unchecked Sendable {
  let loop: Loop
  /// For the loop's thread.
  let value: Hub
  let load: InboxLoad
  let slowReaders: SlowReaders

  init(_ hub: Hub) {
    loop = hub.loop
    value = hub
    load = hub.load
    slowReaders = hub.slowReaders
  }
}
