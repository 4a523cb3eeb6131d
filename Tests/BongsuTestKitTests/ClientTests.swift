import Bongsu
import BongsuTestKit
import Testing

@Suite struct ClientTests {
  private struct Credentials: Codable, Equatable { let token: String }

  @Test(arguments: [Transport.webSocket, .polling])
  func handshakesSayWhatTheTestSays(_ transport: Transport) async throws {
    let log = Log()
    try await withTestServer { io in
      io.use { socket in
        let auth = try? socket.handshake.auth(as: Credentials.self)
        guard auth?.token == "secret" else { throw ConnectError("who are you?") }
        let handshake = socket.handshake
        log.add("\(handshake.query("room") ?? "") \(handshake.header("x-test") ?? "") \(handshake.address)")
      }
    } test: { server in
      let auth = Credentials(token: "secret")
      let client = try await server.connect(
        auth: auth, by: transport, query: "room=a", headers: [("X-Test", "yes")])
      #expect(log.lines == ["a yes 127.0.0.1"] && client.id.count == 20)
      await #expect(throws: TestKitError.connectError(#"{"message":"who are you?"}"#)) {
        try await server.connect(auth: Credentials(token: "guess"), by: transport)
      }
      let ids = try await server.io.allSockets()
      #expect(ids == [client.id])
    }
  }

  @Test func aConnectionMayBeInSeveralNamespaces() async throws {
    try await withTestServer { io in
      for name in ["/", "/admin"] {
        io.of(name).on("connection") { socket in
          socket.on("where") { (ack: Ack) in ack(socket.namespace.name) }
        }
      }
    } test: { server in
      let client = try await server.connect()
      let admin = try await client.join("/admin")
      #expect(try await admin.emitWithAck("where").first(String.self) == "/admin")
      #expect(try await client.emitWithAck("where").first(String.self) == "/")
      await #expect(throws: TestKitError.connectError(#"{"message":"Invalid namespace"}"#)) {
        try await client.join("/nowhere")
      }
      server.io.of("/admin").emit("only there")
      try await admin.expect("only there")
      #expect(client.pending.isEmpty)
    }
  }

  @Test func aRefusalIsAnError() async throws {
    var configuration = Configuration(loops: 1)
    configuration.engine.allowRequest = { _ in .denied() }
    try await withTestServer(configuration) { _ in
    } test: { server in
      await #expect(throws: TestKitError.refused(status: 403, body: #"{"code":4,"message":"Forbidden"}"#)) {
        try await server.connect(by: .polling)
      }
      await #expect(throws: TestKitError.self) { try await server.connect() }
      await #expect(throws: TestKitError.self) { try await server.webSocket("/nowhere") }
    }
  }

  @Test func whatNeverComesFailsInRealTime() async throws {
    let server = try TestServer(patience: .milliseconds(50))
    let client = try await server.connect()
    server.io.emit("other", 1)
    let error = await #expect(throws: TestKitError.self) { try await client.expect("this") }
    #expect(error?.description.contains("What came instead: other(1)") == true)
    await #expect(throws: TestKitError.self) { try await client.emitWithAck("nobody listens") }
    await server.close()
  }

  @Test func packetsCanBeWrittenByHand() async throws {
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.on("echo") { (all: Arguments) in socket.emit("echoed", all) }
      }
    } test: { server in
      for transport in [Transport.webSocket, .polling] {
        let (client, _) = try await server.open(by: transport)
        client.send("40")
        guard case .text(let joined) = try await client.next() else { return #expect(Bool(false)) }
        #expect(joined.hasPrefix(#"40{"sid":""#))
        client.send(#"451-["echo",{"_placeholder":true,"num":0}]"#)
        client.send(.binary([1, 2]))
        try await client.expect(#"451-["echoed",{"_placeholder":true,"num":0}]"#)
        try await client.expect(.binary([1, 2]))
        client.send("4nonsense")
        #expect(try await client.ended() == .closed(code: transport == .polling ? nil : 1005, reason: ""))
        #expect(client.pending == (transport == .polling ? ["1"] : []))
      }
    }
  }

  @Test func plainWebSocketsAndPagesAreServed() async throws {
    try await withTestServer(Configuration(loops: 2)) { io in
      io.page("/page") { _ in .text("hello") }
      io.webSocket("/plain", messageBytes: 100_000) { peer, message, kind in peer.send(message, kind) }
    } test: { server in
      #expect(try await server.request("/page").text == "hello")
      #expect(try await server.request("/page", method: "POST", body: [1]).status == 405)
      let client = try await server.webSocket("/plain")
      for count in [0, 125, 126, 65_535, 65_536, 100_000] {
        client.send(.binary(Array(repeating: 7, count: count)))
        try await client.expect(.binary(Array(repeating: 7, count: count)))
      }
      // A frame that is not masked (RFC 6455 §5.1).
      client.send(raw: [0x81, 0x01, 0x61])
      let ending = try await client.ended()
      #expect(ending == .closed(code: 1002, reason: "frame is not masked"))
      let polite = try await server.webSocket("/plain")
      polite.close(code: 1000, reason: "done")
      #expect(try await polite.ended() == .closed(code: 1000, reason: ""))
    }
  }

  @Test func realTimePassesByItself() async throws {
    var configuration = Configuration(loops: 1)
    configuration.limits.connectTime = .seconds(1_000)
    let server = try TestServer(configuration, realTime: true) { io in
      io.on("connection") { socket in
        socket.timeout(.milliseconds(10)).emit("ask") { (_: Result<Int, any Error>) in socket.emit("late") }
      }
    }
    let client = try await server.connect()
    try await client.expect("late")
    await server.clock.advance(by: .milliseconds(20))
    #expect(server.clock.elapsed == .milliseconds(20))
    await server.close()
  }

  @Test func whoJoinsByAConnectionThatIsOverIsTold() async throws {
    try await withTestServer { _ in
    } test: { server in
      let client = try await server.connect()
      client.engine.cut()
      await #expect(throws: TestKitError.self) { try await client.join("/other") }
      #expect(try await client.engine.ended() == .cut)
    }
  }
}
