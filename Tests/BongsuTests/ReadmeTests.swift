import Bongsu
import BongsuService
import BongsuTestKit
import Logging
import ServiceLifecycle
import Testing
import UnixSignals

/// The README's code in Swift is this code: what is written there compiles.
@Suite struct ReadmeTests {
  private func aServer() async throws {
    let io = Server()
    io.on("connection") { socket in
      socket.join("lobby")
      socket.on("say") { (text: String, ack: Ack) in
        socket.to("lobby").emit("said", text)
        ack("delivered")
      }
    }
    try await io.run(port: 3000)
  }

  private func whatElseThereIs(_ io: Server) async throws {
    io.use { socket in
      guard socket.handshake.query("token") == "secret" else { throw ConnectError("not authorized") }
    }
    io.of(/^\/room-\d+$/).on("connection") { socket in socket.data["joined"] = true }
    let answers: [String] = try await io.to("lobby").timeout(.seconds(5)).emitWithAck("vote", "pizza?")
    for socket in try await io.fetchSockets() { socket.join("everyone") }
    _ = answers
  }

  private func whoComesBack(_ configuration: inout Configuration) {
    configuration.connectionStateRecovery = ConnectionStateRecovery(maxDisconnectionDuration: .seconds(120))
  }

  private func asAService(_ io: Server) async throws {
    let logger = Logger(label: "chat")
    let services = [ServerService(io, port: 3000)]
    let group = ServiceGroup(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    try await group.run()
  }

  @Test func whatItSaysOfTestsHolds() async throws {
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.on("disconnect") { (reason: String) in io.emit("left", socket.id, reason) }
      }
    } test: { server in
      let (silent, other) = (try await server.connect(), try await server.connect())
      silent.engine.answerPings(false)
      await server.clock.advance(by: .seconds(45))
      let (id, reason) = try await other.expect("left", as: String.self, String.self)
      #expect(id == silent.id && reason == "ping timeout")
    }
  }

  @Test func everyLineOfItsCodeIsHereAndCompiles() throws {
    let compiled = try Document.compiled(#filePath)
    let lines = try Document("README.md").swift
    for line in lines { #expect(compiled.contains(line)) }
    #expect(lines.count > 10)
  }
}
