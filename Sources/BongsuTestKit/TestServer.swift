public import Bongsu
import BongsuReactor
import NIOCore
import Synchronization

/// A server inside the test's own process, without a port, by a clock of its own.
///
/// ```swift
/// try await withTestServer { io in
///   io.on("connection") { socket in socket.emit("hello") }
/// } test: { server in
///   let client = try await server.connect()
///   try await client.expect("hello")
/// }
/// ```
///
/// It is the real server on real event loops; only its connections come from the test and its time from the ``clock``.
/// Every method is for any thread.
public final class TestServer: Sendable {
  /// The server.
  public let io: Server
  /// Its time.
  public let clock: VirtualClock
  /// How much real time a test waits for what should come, before it fails.
  public let patience: Duration
  let network: TestNetwork
  private let nextLoop = Atomic<Int>(0)

  /// Starts a server.
  ///
  /// - Parameters:
  ///   - configuration: of the server; by default on one loop.
  ///   - patience: see ``patience``.
  ///   - realTime: whether the time passes by itself, as outside of tests.
  ///   - configure: adds handlers and routes before the first client comes.
  /// - Throws: ``TestKitError``, `CertificateError`, and what `configure` throws.
  public init(
    _ configuration: Configuration = Configuration(loops: 1), patience: Duration = .seconds(10),
    realTime: Bool = false, _ configure: (Server) throws -> Void = { _ in }
  ) throws {
    io = Server(configuration)
    self.patience = patience
    try configure(io)
    let time = VirtualClock.beginning(passesByItself: realTime)
    guard let group = LoopGroup(count: io.wantedLoops, givenTime: time) else { throw TestKitError.outOfResources }
    network = try TestNetwork()
    clock = VirtualClock(group.loops, network, passesByItself: realTime)
    try io.start(on: group)
  }

  /// Ends the server and all connections at once. A test of how a server takes its leave calls `io.close()` and moves
  /// the ``clock``.
  public func close() async {
    io.close()
    // The second call does not wait for anybody.
    io.close()
    await io.closed()
    network.stop()
  }

  // MARK: Clients

  /// A client of Socket.IO that has joined a namespace.
  ///
  /// - Parameters:
  ///   - namespace: its name.
  ///   - transport: what it comes by, and stays with.
  ///   - query: further items of its first request's query, as they are written: `token=1&room=a`.
  ///   - headers: of its requests, by name and value.
  ///   - loop: the server's loop that accepts its connections; by default they take turns.
  /// - Throws: ``TestKitError``.
  public func connect(
    _ namespace: String = "/", by transport: Transport = .webSocket, query: String = "",
    headers: [(String, String)] = [], onLoop loop: Int? = nil
  ) async throws -> TestClient {
    try await connect(
      namespace, auth: nil, Approach(transport: transport, query: query, headers: headers, loop: loop))
  }

  /// As the other `connect`, with something to be authenticated by.
  ///
  /// - Parameter auth: what is sent with the request to join: an object.
  public func connect(
    _ namespace: String = "/", auth: some Encodable, by transport: Transport = .webSocket, query: String = "",
    headers: [(String, String)] = [], onLoop loop: Int? = nil
  ) async throws -> TestClient {
    try await connect(
      namespace, auth: try PeerPacket.json(auth),
      Approach(transport: transport, query: query, headers: headers, loop: loop))
  }

  private func connect(_ namespace: String, auth: ByteBuffer?, _ approach: Approach) async throws -> TestClient {
    let client = TestClient(try await TestEngineClient.open(self, approach).client, namespace, auth: auth)
    try await client.join()
    return client
  }

  /// A client of Engine.IO that has not joined a namespace, and what the server said of its session. Parameters are
  /// those of ``connect(_:by:query:headers:onLoop:)``.
  ///
  /// - Throws: ``TestKitError``.
  public func open(
    by transport: Transport = .webSocket, query: String = "", headers: [(String, String)] = [],
    onLoop loop: Int? = nil
  ) async throws -> (client: TestEngineClient, opening: EngineOpening) {
    let approach = Approach(transport: transport, query: query, headers: headers, loop: loop)
    return try await TestEngineClient.open(self, approach)
  }

  /// A plain WebSocket.
  ///
  /// - Parameter target: path and query.
  /// - Throws: ``TestKitError``.
  public func webSocket(
    _ target: String, headers: [(String, String)] = [], onLoop loop: Int? = nil
  ) async throws -> TestWebSocket {
    try await TestWebSocket.open(self, target, headers, onLoop: loop)
  }

  /// The answer to a request on a connection of its own.
  ///
  /// - Parameter target: path and query.
  /// - Throws: ``TestKitError``.
  public func request(
    _ target: String, method: String = "GET", headers: [(String, String)] = [], body: [UInt8]? = nil,
    onLoop loop: Int? = nil
  ) async throws -> TestResponse {
    let request = TestRequest(method: method, target: target, headers: headers, body: body)
    let responses = Mailbox<TestResponse>()
    network.run { [self] in
      guard let wire = newWire(onLoop: loop) else { return responses.close(TestKitError.outOfResources) }
      RequestWire(wire).send(request) { answer in
        wire.cut()
        switch answer {
        case .response(let response): responses.put(response)
        case .ended: responses.close(TestKitError.disconnected("the server ended the connection without an answer"))
        }
      }
    }
    return try await responses.take("the answer to \(method) \(target)", within: patience)
  }

  /// On the clients' loop; `nil` when the process is out of descriptors.
  func newWire(onLoop index: Int?) -> Wire? {
    let turn = nextLoop.add(index == nil ? 1 : 0, ordering: .relaxed).oldValue
    return try? Wire(network, to: io, onLoop: min(index ?? turn % io.wantedLoops, io.wantedLoops - 1))
  }
}
