import Bongsu
import BongsuTestKit
import Testing

@Suite struct CuttingTests {
  private func withServer(_ test: (TestServer, Log) async throws -> Void) async throws {
    let log = Log()
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.join("room")
        socket.on("disconnect") { (reason: String) in log.add(reason) }
        socket.on("bye") { (all: Bool) in socket.disconnect(all) }
      }
    } test: {
      try await test($0, log)
    }
  }

  @Test(arguments: [false, true])
  func aConnectionThatIsCutIsNoticedAtOnce(reset: Bool) async throws {
    try await withServer { server, log in
      let client = try await server.connect()
      client.engine.cut(reset: reset)
      await server.clock.settle()
      #expect(log.lines == ["transport close"] && server.io.clientsCount == 0)
      #expect(try await client.ended() == .connection(.cut))
      await #expect(throws: TestKitError.self) { try await client.expect("anything") }
      // It comes back as somebody else.
      let again = try await server.connect()
      #expect(again.id != client.id)
    }
  }

  @Test func bothSidesCanLeave() async throws {
    try await withServer { server, log in
      let client = try await server.connect()
      client.disconnect()
      await server.clock.settle()
      #expect(log.lines == ["client namespace disconnect"])
      #expect(try await client.ended() == .byClient)
      let other = try await server.connect()
      try other.emit("bye", false)
      #expect(try await other.ended() == .byServer)
      #expect(log.lines == ["server namespace disconnect"])
      let third = try await server.connect()
      try third.emit("bye", true)
      #expect(try await third.ended() == .byServer)
      #expect(try await third.engine.ended() == .closed(code: 1005, reason: ""))
    }
  }

  @Test func whoDoesNotReadIsLetGoAndTheOthersGetEverything() async throws {
    try await withServer { server, log in
      let (deaf, other) = (try await server.connect(), try await server.connect())
      deaf.engine.stopReading()
      let text = String(repeating: "x", count: 1 << 16)
      for number in 0..<200 {
        server.io.to("room").emit("news", number, text)
        // Whoever reads has the time to: all at once is more than may wait for anybody.
        if number % 20 == 19 { await server.clock.settle() }
      }
      #expect(log.lines == ["transport error"])
      #expect(other.pending.count == 200 && deaf.pending.isEmpty)
    }
  }

  @Test func whatTheServerDoesNotSayIsNotSaid() async throws {
    try await withServer { server, _ in
      let (one, other) = (try await server.connect(), try await server.connect())
      server.io.except(other.id).emit("x")
      await server.clock.settle()
      #expect(one.pending.map(\.description) == ["x()"] && other.pending.isEmpty)
    }
  }
}
