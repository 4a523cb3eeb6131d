import Bongsu
import Foundation
import Testing

/// The articles' code in Swift is this code, or that of `MigrationTests` or `ReadmeTests`: what is written there
/// compiles.
@Suite struct ArticleTests {
  private func store(_ note: String) async {}
  private func draw(_ x: Int, _ y: Int) async {}

  private func landingPage() async throws {
    let io = Server()
    io.on("connection") { socket in
      socket.on("chat") { (text: String) in io.emit("chat", text) }
    }
    try await io.run(port: 3000)
  }

  private func rooms(_ io: Server) {
    io.on("connection") { socket in
      socket.join("lobby")
      socket.on("enter") { (room: String, ack: Ack) in
        socket.join(room)
        ack(true)
      }
      socket.on("say") { (room: String, text: String) in
        socket.to(room).emit("said", text)
      }
    }
  }

  private func whoHears(_ io: Server, _ socket: Socket) async throws {
    socket.on("disconnecting") { (reason: String) in
      for room in socket.rooms { socket.to(room).emit("left", socket.id, reason) }
    }
    io.to("red").to("blue").emit("news")
    io.to("red").except("muted").emit("news")
    socket.broadcast.emit("everyone else")
    io.except("muted").emit("everyone but those")
    io.local.emit("on this server only")
    io.in("red").socketsJoin("blue")
    io.in("red").socketsLeave("blue")
    io.in("banned").disconnectSockets()
    for socket in try await io.in("red").fetchSockets() { print(socket.id, socket.rooms) }
  }

  private func acknowledgements(_ socket: Socket) async throws {
    socket.on("save") { (note: String, ack: Ack) async in
      await store(note)
      ack("saved")
    }
    socket.emit("question", "tea?") { (answer: Bool) in print(answer) }
    let answer: Bool = try await socket.emitWithAck("question", "tea?", timeout: .seconds(5))
    socket.timeout(.seconds(5)).emit("question", "tea?") { (answer: Result<Bool, any Error>) in print(answer) }
    _ = answer
  }

  private func askingMany(_ io: Server) async throws {
    let votes: [String] = try await io.to("jury").timeout(.seconds(10)).emitWithAck("vote")
    _ = votes
    do {
      let votes: [String] = try await io.to("jury").timeout(.seconds(10)).emitWithAck("vote")
      print(votes)
    } catch let error as BroadcastAckError {
      print(try error.responses(as: String.self))
    }
  }

  private func backpressure(_ socket: Socket) async {
    var configuration = Configuration()
    configuration.limits.queuedBytes = 1 << 20
    configuration.slowReaders = .drop
    let io = Server(configuration)
    io.of("/prices").slowReaders = .latest.reporting("missed")
    io.to("game").volatile.emit("position", 3, 4)
    for await (x, y) in socket.events("moved", of: Int.self, Int.self, buffering: .newest(1)) {
      await draw(x, y)
    }
  }

  private func limits() {
    var configuration = Configuration()
    configuration.limits.messageBytes = 100_000
    configuration.limits.connectionsPerAddress = 50
    let io = Server(configuration)
    _ = io
  }

  private func adminUI() throws {
    var configuration = Configuration()
    var admin = AdminUI(.basic(username: "ops", passwordHash: "$2b$10$…"))
    admin.mode = .production
    admin.isReadOnly = true
    configuration.engine.cors = .origins(["https://admin.socket.io"], credentials: true)
    let io = Server(configuration)
    try io.instrument(admin)
  }

  @Test func everyLineOfTheirCodeCompiles() throws {
    let here = URL(filePath: #filePath)
    let compiled = try ["ArticleTests.swift", "MigrationTests.swift", "ReadmeTests.swift"].reduce(into: []) {
      $0 += try Document.compiled(here.deletingLastPathComponent().appending(path: $1).path())
    }
    var count = 0
    for article in try Document.articles() {
      for line in article.swift {
        count += 1
        #expect(compiled.contains(line), "\(article)")
      }
    }
    #expect(count > 70)
  }
}
