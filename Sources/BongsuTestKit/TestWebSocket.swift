/// A plain WebSocket client, for tests. Every method is for any thread.
public final class TestWebSocket: @unchecked Sendable {
  private let server: TestServer
  private let messages = Mailbox<TestMessage>()
  private let endings = Mailbox<TestEnding>()
  private let responses = Mailbox<TestResponse>()
  /// On the clients' loop.
  private var frames: FrameWire?

  private init(_ server: TestServer) { self.server = server }

  /// Throws ``TestKitError``.
  static func open(
    _ server: TestServer, _ target: String, _ headers: [(String, String)], onLoop index: Int?
  ) async throws -> TestWebSocket {
    let client = TestWebSocket(server)
    client.onLoop { client in
      guard let wire = server.newWire(onLoop: index) else { return client.end(.ended) }
      let request = RequestWire(wire)
      request.send(.upgrade(target, headers)) { client.answered($0, request) }
    }
    let response = try await client.responses.take("the handshake's answer", within: server.patience)
    guard response.status == 101 else {
      throw TestKitError.refused(status: response.status, body: response.text)
    }
    guard response.header("Sec-WebSocket-Accept") == TestRequest.acceptance else {
      throw TestKitError.unexpected("the handshake's answer does not accept the key")
    }
    return client
  }

  private func onLoop(_ body: @escaping @Sendable (TestWebSocket) -> Void) {
    server.network.run { body(self) }
  }

  private func answered(_ answer: RequestWire.Answer, _ request: RequestWire) {
    guard case .response(let response) = answer else { return end(.ended) }
    responses.put(response)
    guard response.status == 101 else { return request.wire.cut() }
    frames = FrameWire(request) { [self] in
      messages.put($0)
    } ended: { [self] in
      end($0)
    }
  }

  private func end(_ ending: TestEnding) {
    let error = TestKitError.disconnected("the connection is over: \(ending)")
    responses.close(error)
    messages.close(error)
    endings.put(ending)
    frames = nil
  }

  // MARK: Saying and hearing

  /// Sends a message.
  public func send(_ message: TestMessage) { onLoop { $0.frames?.send(message) } }

  /// Sends bytes as they are, whatever a WebSocket says of them. A client's frames must be masked.
  public func send(raw bytes: [UInt8]) { onLoop { $0.frames?.send(raw: bytes) } }

  /// Sends a close frame; without a code, an empty one. The server answers and ends the connection.
  public func close(code: UInt16? = 1000, reason: String = "") {
    onLoop { $0.frames?.close(code: code, reason: reason) }
  }

  /// The next message that nobody has asked for yet. Throws ``TestKitError`` when there is none.
  ///
  /// - Parameter patience: how much real time the test gives it; by default ``TestServer/patience``.
  public func next(within patience: Duration? = nil) async throws -> TestMessage {
    try await messages.take("a message", within: patience ?? server.patience)
  }

  /// Throws ``TestKitError`` when the next message is another one, or when there is none.
  public func expect(_ message: TestMessage, within patience: Duration? = nil) async throws {
    let next = try await messages.take("\(message)", within: patience ?? server.patience)
    guard next == message else { throw TestKitError.unexpected("\(message) should have come, and \(next) has") }
  }

  /// What has come and nobody has asked for yet.
  public var pending: [TestMessage] { messages.items }

  /// How the connection has ended, or ends. Throws ``TestKitError`` when it does not.
  public func ended(within patience: Duration? = nil) async throws -> TestEnding {
    let ending = try await endings.take("the end of the connection", within: patience ?? server.patience)
    endings.put(ending)
    return ending
  }

  // MARK: Misbehaving

  /// Whether the server's pings are answered.
  public func answerPings(_ answers: Bool) { onLoop { $0.frames?.answersPings = answers } }

  /// Takes no more of what the server sends: it piles up there.
  public func stopReading() { onLoop { $0.frames?.stopReading() } }

  /// Reads again.
  public func startReading() { onLoop { $0.frames?.startReading() } }

  /// Closes the connection without a word; with `reset` the server gets an error, as by a reset of TCP.
  public func cut(reset: Bool = false) {
    onLoop { client in
      client.frames?.cut(reset: reset)
      client.end(.cut)
    }
  }
}
