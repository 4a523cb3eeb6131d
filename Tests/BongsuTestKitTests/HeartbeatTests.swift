import Bongsu
import BongsuTestKit
import Testing

@Suite struct HeartbeatTests {
  /// A server that notes why its clients go, and when.
  private func withServer(
    loops: Int = 1, _ change: (inout Configuration) -> Void = { _ in }, _ test: (TestServer, Log) async throws -> Void
  ) async throws {
    var configuration = Configuration(loops: loops)
    change(&configuration)
    let log = Log()
    try await withTestServer(configuration) { io in
      io.on("connection") { socket in
        socket.on("disconnect") { (reason: String) in log.add(reason) }
      }
    } test: { server in
      try await test(server, log)
    }
  }

  @Test(arguments: [Transport.webSocket, .polling])
  func aSilentClientIsGoneAfterIntervalAndTimeoutAndNotBefore(_ transport: Transport) async throws {
    try await withServer { server, log in
      let client = try await server.connect(by: transport)
      client.engine.answerPings(false)
      await server.clock.advance(by: .milliseconds(24_999))
      #expect(client.engine.pending.isEmpty)
      await server.clock.advance(by: .milliseconds(1))
      #expect(client.engine.pending == ["2"])
      await server.clock.advance(by: .milliseconds(19_999))
      #expect(log.lines.isEmpty && server.io.clientsCount == 1)
      await server.clock.advance(by: .milliseconds(1))
      #expect(log.lines == ["ping timeout"] && server.io.clientsCount == 0)
      #expect(server.clock.elapsed == .seconds(45))
      _ = try await client.ended()
    }
  }

  @Test(arguments: [Transport.webSocket, .polling])
  func whoAnswersStaysInOneLongAdvance(_ transport: Transport) async throws {
    try await withServer { server, log in
      let (client, _) = try await server.open(by: transport)
      client.send("40")
      #expect(try await client.next() != "41")
      await server.clock.advance(by: .seconds(5_000))
      #expect(log.lines.isEmpty && server.io.clientsCount == 1)
      // It can still be talked to.
      server.io.emit("still")
      try await client.expect(#"42["still"]"#)
    }
  }

  @Test func aPingIsDueOneIntervalAfterThePong() async throws {
    try await withServer { configuration in
      configuration.engine.pingInterval = .milliseconds(301)
      configuration.engine.pingTimeout = .milliseconds(199)
    } _: { server, log in
      let (client, opening) = try await server.open()
      #expect(opening.pingInterval == 301 && opening.pingTimeout == 199)
      client.send("40")
      _ = try await client.next()
      client.answerPings(false)
      for _ in 0..<20 {
        await server.clock.advance(by: .milliseconds(300))
        #expect(client.pending.isEmpty)
        await server.clock.advance(by: .milliseconds(1))
        try await client.expect("2")
        await server.clock.advance(by: .milliseconds(198))
        client.send("3")
      }
      await server.clock.advance(by: .milliseconds(499))
      #expect(log.lines.isEmpty)
      await server.clock.advance(by: .milliseconds(1))
      #expect(log.lines == ["ping timeout"])
    }
  }

  @Test func manyClientsOnSeveralLoopsGoOneByOne() async throws {
    try await withServer(loops: 3) { server, log in
      for _ in 0..<9 {
        let client = try await server.connect()
        client.engine.answerPings(false)
        await server.clock.advance(by: .seconds(1))
      }
      let still = try await server.connect(onLoop: 2)
      for left in (1...9).reversed() {
        #expect(server.io.clientsCount == left + 1)
        await server.clock.advance(by: .seconds(left == 9 ? 36 : 1))
      }
      #expect(server.io.clientsCount == 1 && log.lines.count == 9)
      try still.emit("x")
    }
  }

  @Test func plainWebSocketsArePingedAsWell() async throws {
    let log = Log()
    try await withTestServer { io in
      io.webSocket("/plain") { peer, message, kind in peer.send(message, kind) }
    } test: { server in
      let (polite, silent) = (try await server.webSocket("/plain"), try await server.webSocket("/plain"))
      silent.answerPings(false)
      await server.clock.advance(by: .seconds(44))
      #expect(silent.pending.isEmpty)
      await server.clock.advance(by: .seconds(30))
      #expect(try await silent.ended() == .ended)
      await server.clock.advance(by: .seconds(1_000))
      polite.send(.binary([1, 2]))
      try await polite.expect(.binary([1, 2]))
      log.add("")
    }
  }
}
