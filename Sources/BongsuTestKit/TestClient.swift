public import Bongsu
import BongsuReactor
import FoundationEssentials
import NIOCore
import NIOConcurrencyHelpers
import Synchronization

/// A client of Socket.IO in one namespace, for tests.
///
/// ```swift
/// let client = try await server.connect()
/// try client.emit("say", "hello")
/// let text = try await client.expect("said", as: String.self)
/// ```
///
/// Every method is for any thread.
public final class TestClient: Sendable {
  /// How a client's stay in its namespace ended.
  public enum Ending: Sendable, Equatable {
    /// The server took it out of the namespace.
    case byServer
    /// It left the namespace itself.
    case byClient
    /// The connection was lost or closed.
    case connection(TestEnding)
  }

  private struct Acknowledgement: Sendable {
    let id: UInt64
    let arguments: Arguments
  }

  /// What the server says of a client that has joined.
  struct Greeting: Sendable, Decodable {
    let sid: String
    /// By which the client is known when it comes back, where that is possible.
    let pid: String?
  }

  /// The connection below.
  public let engine: TestEngineClient
  /// Its name, such as `/`.
  public let namespace: String
  /// What it sent with its request to join, as JSON.
  let auth: ByteBuffer?
  private let greetings = Mailbox<Result<Greeting, TestKitError>>()
  private let events = Mailbox<TestEvent>()
  private let acks = Mailbox<Acknowledgement>()
  private let endings = Mailbox<Ending>()
  private let nextAck = Atomic<UInt64>(0)
  private let greeting = NIOLockedValueBox<Greeting?>(nil)

  init(_ engine: TestEngineClient, _ namespace: String, auth: ByteBuffer?) {
    self.engine = engine
    self.namespace = namespace
    self.auth = auth
  }

  var parser: Parser { engine.server.io.configuration.parser }
  private var patience: Duration { engine.server.patience }

  /// Asks to join, and waits for the answer. Throws ``TestKitError``.
  func join() async throws {
    let request = try PeerPacket.connect(namespace, auth: auth, parser: parser)
    engine.onLoop { [self] engine in
      engine.attach(self)
      engine.say([request.asPacket])
    }
    let answer = try await greetings.take("the answer of \(namespace)", within: patience).get()
    greeting.withLockedValue { $0 = answer }
  }

  /// The socket's id, as ``Socket/id``.
  public var id: String { greeting.withLockedValue { $0?.sid ?? "" } }

  /// Joins another namespace by the same connection. Throws ``TestKitError``.
  public func join(_ namespace: String) async throws -> TestClient {
    let client = TestClient(engine, namespace, auth: nil)
    try await client.join()
    return client
  }

  // MARK: Saying

  /// Sends an event. Throws what encoding a value throws.
  public func emit<each Value: Encodable>(_ event: String, _ values: repeat each Value) throws {
    send(try PeerPacket.event(event, repeat each values, namespace: namespace, ackID: nil, parser: parser))
  }

  /// Sends an event and waits for its acknowledgement. Throws what encoding a value throws, `DecodingError`, and
  /// ``TestKitError`` when none comes within ``TestServer/patience``.
  public func emitWithAck<each Value: Encodable>(
    _ event: String, _ values: repeat each Value
  ) async throws -> Arguments {
    let id = nextAck.add(1, ordering: .relaxed).oldValue
    send(try PeerPacket.event(event, repeat each values, namespace: namespace, ackID: id, parser: parser))
    return try await acks.take("the acknowledgement of \(event)", within: patience) { $0.id == id }.arguments
  }

  /// Leaves the namespace.
  public func disconnect() {
    let packet = PeerPacket.disconnect(namespace, parser: parser)
    engine.onLoop { [self] engine in
      engine.say([packet.asPacket])
      engine.sockets.remove(self)
      end(.byClient)
    }
  }

  func send(_ messages: [EngineMessage]) {
    engine.onLoop { $0.say(messages.map(\.asPacket)) }
  }

  // MARK: Hearing

  /// The oldest event of that name that nobody has asked for yet, or the next one.
  ///
  /// - Parameter patience: how much real time the test gives it; by default ``TestServer/patience``.
  /// - Throws: ``TestKitError`` when it does not come.
  @discardableResult
  public func expect(_ event: String, within patience: Duration? = nil) async throws -> TestEvent {
    try await events.take(event, within: patience ?? self.patience) { $0.name == event }
  }

  /// As ``expect(_:within:)``, and returns the event's arguments: `try await client.expect("sum", as: Int.self)`.
  /// Throws `DecodingError` as well.
  public func expect<each Value: Decodable>(
    _ event: String, as types: repeat (each Value).Type
  ) async throws -> (repeat each Value) {
    let found = try await expect(event, within: nil)
    return try found.values(repeat each types)
  }

  /// Events that have come and that nobody has asked for yet. After ``VirtualClock/settle()``, what is not among them
  /// has not been sent.
  public var pending: [TestEvent] { events.items }

  /// How its stay in the namespace has ended, or ends. Throws ``TestKitError`` when it does not.
  ///
  /// - Parameter patience: how much real time the test gives it; by default ``TestServer/patience``.
  public func ended(within patience: Duration? = nil) async throws -> Ending {
    let ending = try await endings.take("the end", within: patience ?? self.patience)
    endings.put(ending)
    return ending
  }

  // MARK: On the clients' loop

  func received(_ packet: PeerPacket) {
    switch packet.body {
    case .connected(let json): greet(json)
    case .refused(let json):
      engine.sockets.remove(self)
      greetings.put(.failure(.connectError(String(buffer: json))))
    case .disconnected:
      engine.sockets.remove(self)
      end(.byServer)
    case .event(let name, let arguments):
      events.put(TestEvent(name: name, arguments: arguments, client: self, ackID: packet.ackID))
    case .ack(let arguments):
      if let id = packet.ackID { acks.put(Acknowledgement(id: id, arguments: arguments)) }
    }
  }

  private func greet(_ json: ByteBuffer) {
    let greeting = try? JSONDecoder().decode(Greeting.self, from: Data(json.readableBytesView))
    greetings.put(greeting.map { .success($0) } ?? .failure(.unexpected("\(String(buffer: json)) has no sid")))
  }

  func end(_ ending: Ending) {
    let error = TestKitError.disconnected("the client is not in \(namespace) any more: \(ending)")
    greetings.close(error)
    events.close(error)
    acks.close(error)
    endings.put(ending)
  }
}

extension EngineMessage {
  /// As a packet of Engine.IO.
  fileprivate var asPacket: TestMessage {
    switch self {
    case .text(let text): .text("4" + text)
    case .binary(let bytes): .binary(bytes)
    }
  }
}
