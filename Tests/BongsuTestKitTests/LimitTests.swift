import Bongsu
import BongsuTestKit
import Testing

@Suite struct LimitTests {
  @Test(arguments: [Transport.webSocket, .polling])
  func whoJoinsNoNamespaceIsClosedAfterTheConnectTime(_ transport: Transport) async throws {
    try await withTestServer { _ in
    } test: { server in
      let (client, _) = try await server.open(by: transport)
      await server.clock.advance(by: .milliseconds(44_999))
      #expect(server.io.clientsCount == 1)
      await server.clock.advance(by: .milliseconds(1))
      #expect(server.io.clientsCount == 0)
      _ = try await client.ended()
    }
  }

  @Test func aSessionOfPollsLivesAsLongAsItPolls() async throws {
    let log = Log()
    try await withTestServer(Configuration(loops: 3)) { io in
      io.on("connection") { socket in
        socket.on("echo") { (all: Arguments) in socket.emit("echoed", all) }
        socket.on("disconnect") { (reason: String) in log.add(reason) }
      }
    } test: { server in
      let client = try await server.connect(by: .polling)
      for number in 0..<10 {
        // Longer than a connection may be idle: the next POST comes by another.
        await server.clock.advance(by: .seconds(80))
        try client.emit("echo", number)
        #expect(try await client.expect("echoed", as: Int.self) == number)
      }
      client.engine.stopReading()
      await server.clock.settle()
      server.io.emit("last")
      await server.clock.advance(by: .seconds(26))
      #expect(log.lines.isEmpty && client.pending.map(\.name) == ["last"])
      await server.clock.advance(by: .seconds(19))
      #expect(log.lines == ["ping timeout"])
    }
  }

  @Test func aBodyThatDoesNotComeIsAnsweredWith408() async throws {
    let (arrival, arrived) = AsyncStream.makeStream(of: Void.self)
    var configuration = Configuration(loops: 1)
    configuration.engine.use { request, _ in
      if request.method == "POST" { arrived.finish() }
      return nil
    }
    try await withTestServer(configuration) { server in
      let sid = try await server.open(by: .polling).opening.sid
      async let answer = server.request(
        "/socket.io/?EIO=4&transport=polling&sid=\(sid)", method: "POST", headers: [("Content-Length", "5")])
      for await _ in arrival {}
      await server.clock.advance(by: .seconds(10))
      let status = try await answer.status
      #expect(status == 408)
    }
  }

  @Test func aServerThatClosesWaitsForItsClientsAndNotLonger() async throws {
    var configuration = Configuration(loops: 2)
    configuration.shutdownTime = .seconds(20)
    try await withTestServer(configuration) { io in
      io.webSocket("/plain") { _, _, _ in }
    } test: { server in
      let (client, deaf) = (try await server.connect(), try await server.webSocket("/plain"))
      deaf.stopReading()
      await server.clock.settle()
      server.io.close()
      #expect(try await client.ended() == .connection(.closed(code: 1005, reason: "")))
      await server.clock.advance(by: .seconds(60))
      await server.io.closed()
      // The loops have ended: time passes, and nothing happens.
      await server.clock.advance(by: .seconds(60))
    }
  }
}
