import Bongsu
import Foundation
import NIOCore
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
    configuration.engine.onConnection = { conn in print(conn.id) }
    socket.conn.on(.packet) { packet in print(packet.type) }
    socket.conn.on(.packetCreate) { packet in print(packet.type) }
    socket.conn.on(.heartbeat) { print("alive") }
    socket.conn.once(.upgrade) { transport in print(transport) }
    socket.conn.on(.drain) { print("handed over") }
    socket.conn.on(.close) { reason, description in print(reason, description) }
  }

  private func knowing(_ io: Server, _ socket: Socket, id: String) throws {
    let token = try socket.handshake.auth(as: [String: String].self)["token"]
    let room = socket.handshake.query("room")
    let cookie = socket.handshake.header("cookie")
    socket.data["user"] = "Bora"
    let user: String? = socket.data["user"]
    let name = socket.namespace.name
    let server = socket.namespace.server
    let agent = socket.request.header("user-agent")
    let transport = socket.conn.transport.name
    let address = socket.conn.remoteAddress
    socket.conn.close()
    let all = socket.client.sockets
    let count = io.clientsCount
    let found = io.sockets.sockets[id]
    _ = (token, room, cookie, user, name, server, agent, transport, address, all, count, found)
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

    socket.use { event in
      event.name = event.name.lowercased()
      let text = try event.arguments.decode(at: 0, as: String.self)
      try event.arguments.set(0, to: text.trimmingCharacters(in: .whitespaces))
      try event.arguments.append(Date().timeIntervalSince1970)
    }
  }

  private func sharing(_ path: String, _ descriptor: CInt, _ bytes: ByteBuffer) throws {
    let io = Server()
    try io.startWithoutPort()

    // Where the other server has read a head:
    if path.hasPrefix("/socket.io/") {
      try io.adopt(descriptor, received: bytes)
    }
  }

  @Test func everyCallInItsTablesCompiles() throws {
    let compiled = try Document.compiled(#filePath)
    let calls = try Document("Sources/Bongsu/Bongsu.docc/MigratingFromNode.md").callsInTables
    for call in calls { #expect(compiled.contains(call)) }
    #expect(calls.count > 30)
  }
}
