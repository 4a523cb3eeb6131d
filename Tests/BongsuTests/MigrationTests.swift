import Bongsu
import Foundation
import Testing

/// What stands on the right side of the article for those who come from Node.js compiles.
@Suite struct MigrationTests {
  private func find(_ token: String?) async -> String? { token }

  private func firstServer() async throws {
    var configuration = Configuration()
    configuration.engine.pingInterval = .seconds(10)
    let io = Server(configuration)
    io.on("connection") { socket in
      socket.join("lobby")
      socket.on("say") { (text: String, ack: Ack) in
        socket.to("lobby").emit("said", text)
        ack("delivered")
      }
      socket.on("disconnect") { (reason: String) in
        print(socket.id, reason)
      }
    }
    try await io.run(port: 3000)
  }

  private func sending(_ io: Server, _ socket: Socket) {
    socket.emit("hello", 1, ["a": 2])
    socket.broadcast.emit("hello")
    io.emit("hello")
    io.to("a").to("b").emit("hello")
    io.to(["a", "b"]).except("c").emit("hello")
    socket.to("a").emit("hello")
    io.of("/admin").emit("hello")
    socket.volatile.emit("hello")
    socket.compress(false).emit("hello")
    io.local.emit("hello")
    socket.emit("hello", Data([1]))
  }

  private func asking(_ io: Server, _ socket: Socket) async throws {
    socket.emit("q") { (answer: String) in print(answer) }
    let answer: String = try await socket.emitWithAck("q")
    socket.timeout(.seconds(5)).emit("q") { (answer: Result<String, any Error>) in print(answer) }
    let answers: [String] = try await io.timeout(.seconds(5)).emitWithAck("q")
    let sockets = try await io.in("a").fetchSockets()
    io.in("a").socketsJoin("b")
    io.in("a").disconnectSockets(true)
    io.serverSideEmit("hello", 1)
    _ = (answer, answers, sockets)
  }

  private func hearing(_ io: Server, _ socket: Socket) {
    var configuration = Configuration()
    socket.on("hello") { (text: String) in print(text) }
    socket.on("hello") { (all: Arguments) in print(all.count) }
    socket.once("hello") { () in print("once") }
    socket.onAny { event in print(event.name) }
    socket.onAnyOutgoing { event in print(event.name) }
    socket.off("hello")
    socket.onError { error in print(error) }
    io.onNewNamespace { namespace in print(namespace.name) }
    io.sockets.onRoomEvent { event in print(event) }
    io.onServerSide("sum") { (a: Int, b: Int, ack: Ack) in ack(a + b) }
    configuration.engine.onConnectionError = { error in print(error.message) }
  }

  private func knowing(_ io: Server, _ socket: Socket, id: String) throws {
    let token = try socket.handshake.auth(as: [String: String].self)["token"]
    let room = socket.handshake.query("room")
    let cookie = socket.handshake.header("cookie")
    socket.data["user"] = "Bora"
    let user: String? = socket.data["user"]
    let name = socket.namespace.name
    let count = io.clientsCount
    let found = io.sockets.sockets[id]
    _ = (token, room, cookie, user, name, count, found)
  }

  private func middlewares(_ io: Server, _ socket: Socket) {
    io.use { socket async throws in
      let auth = try socket.handshake.auth(as: [String: String].self)
      guard let user = await find(auth["token"]) else {
        throw ConnectError("not authorized")
      }
      socket.data["user"] = user
    }

    socket.use { event in
      if event.name == "secret" { throw ConnectError("no") }
    }
  }

  @Test func everyCallInItsTablesCompiles() throws {
    let compiled = try Document.compiled(#filePath)
    let calls = try Document("Sources/Bongsu/Bongsu.docc/MigratingFromNode.md").callsInTables
    for call in calls { #expect(compiled.contains(call)) }
    #expect(calls.count > 30)
  }
}
