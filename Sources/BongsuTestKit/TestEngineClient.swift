import Bongsu
import NIOCore

/// A client of Engine.IO, for tests of what goes over the wire. ``TestClient`` speaks Socket.IO on top of it.
///
/// It answers pings by itself, unless it is told not to. Every method is for any thread.
public final class TestEngineClient: @unchecked Sendable {
  /// Where it is connected.
  public let server: TestServer
  private let packets = Mailbox<TestMessage>()
  private let endings = Mailbox<TestEnding>()
  private let approach: Approach

  // What follows belongs to the clients' loop.
  private var link: (any EngineLink)?
  private var answers = true
  /// Once it is.
  private var ending: TestEnding?
  /// Socket.IO on top of it.
  private(set) lazy var sockets = SocketMultiplexer(self)

  private init(_ server: TestServer, _ approach: Approach) {
    self.server = server
    self.approach = approach
  }

  /// Throws ``TestKitError``.
  static func open(
    _ server: TestServer, _ approach: Approach
  ) async throws -> (client: TestEngineClient, opening: EngineOpening) {
    let client = TestEngineClient(server, approach)
    client.onLoop { $0.begin() }
    let first = try await client.packets.take("the handshake", within: server.patience)
    guard case .text(let text) = first, let opening = EngineOpening(packet: text) else {
      throw TestKitError.unexpected("the first packet was \(first)")
    }
    return (client, opening)
  }

  /// Runs `body` on the clients' loop, after what was asked before.
  func onLoop(_ body: @escaping @Sendable (TestEngineClient) -> Void) {
    server.network.run { body(self) }
  }

  // MARK: Saying and hearing

  /// Sends a packet as it is: `"4hello"` is a message, `"3"` a pong.
  public func send(_ packet: TestMessage) { onLoop { $0.say([packet]) } }

  /// The next packet that nobody has asked for yet. Pings that are answered are left out, and so is what a
  /// ``TestClient`` on top takes for itself.
  ///
  /// - Parameter patience: how much real time the test gives it; by default ``TestServer/patience``.
  /// - Throws: ``TestKitError``.
  public func next(within patience: Duration? = nil) async throws -> TestMessage {
    try await packets.take("a packet", within: patience ?? server.patience)
  }

  /// Throws ``TestKitError`` when the next packet is another one, or when there is none.
  public func expect(_ packet: TestMessage, within patience: Duration? = nil) async throws {
    let next = try await packets.take("\(packet)", within: patience ?? server.patience)
    guard next == packet else { throw TestKitError.unexpected("\(packet) should have come, and \(next) has") }
  }

  /// What has come and nobody has asked for yet.
  public var pending: [TestMessage] { packets.items }

  // MARK: Misbehaving

  /// Whether pings are answered, which is how a client shows that it is still there. Those that are not answered can be
  /// asked for like other packets.
  public func answerPings(_ answers: Bool) { onLoop { $0.answers = answers } }

  /// Takes no more of what the server sends: it piles up there.
  public func stopReading() { onLoop { $0.link?.stopReading() } }

  /// Reads again.
  public func startReading() { onLoop { $0.link?.startReading() } }

  /// Closes the connection without a word.
  ///
  /// - Parameter reset: whether the server gets an error, as by a reset of TCP, or sees the end of the stream.
  public func cut(reset: Bool = false) {
    onLoop { client in
      guard client.ending == nil else { return }
      client.link?.cut(reset: reset)
      client.end(.cut)
    }
  }

  /// How the connection has ended, or ends. Throws ``TestKitError`` when it does not.
  ///
  /// - Parameter patience: how much real time the test gives it; by default ``TestServer/patience``.
  public func ended(within patience: Duration? = nil) async throws -> TestEnding {
    let ending = try await endings.take("the end of the connection", within: patience ?? server.patience)
    // Whoever asks again is told the same.
    endings.put(ending)
    return ending
  }

  // MARK: On the clients' loop

  /// Sends packets.
  func say(_ packets: [TestMessage]) {
    if ending == nil { link?.send(packets) }
  }

  /// Hands a client of Socket.IO what is for it from now on.
  func attach(_ client: TestClient) {
    if let ending { client.end(.connection(ending)) } else { sockets.add(client) }
  }

  private func begin() {
    let events = EngineLinkEvents { [self] in
      received($0)
    } refused: { [self] response in
      packets.close(TestKitError.refused(status: response.status, body: response.text))
      end(.refused(status: response.status))
    } ended: { [self] in
      end($0)
    }
    let target = approach.target(server.io.configuration.engine)
    switch approach.transport {
    case .webSocket:
      guard let wire = server.newWire(onLoop: approach.loop) else { return end(.ended) }
      link = WebSocketLink(wire, .upgrade(target, approach.headers), events)
    case .polling:
      let (server, loop) = (self.server, approach.loop)
      let link = PollingLink({ server.newWire(onLoop: loop) }, target: target, headers: approach.headers, events)
      self.link = link
      link.open()
    }
  }

  private func received(_ packet: TestMessage) {
    if packet == "2", answers { return say(["3"]) }
    if !sockets.take(packet) { packets.put(packet) }
  }

  private func end(_ ending: TestEnding) {
    guard self.ending == nil else { return }
    self.ending = ending
    link = nil
    packets.close(TestKitError.disconnected("the connection is over: \(ending)"))
    endings.put(ending)
    sockets.connectionEnded(ending)
  }
}
