import Bongsu

/// The calls that answer, and the namespaces that clients make: `/room-<number>` by pattern, `/open-<token>` by a
/// function that wants the token as authentication, `/guarded` behind middlewares.
enum SurfaceCalls {
  struct Credentials: Codable { let token: String? }
  struct Advice: Encodable { let wants: String }

  static func install(on io: Server) {
    let rooms = io.of(/^\/room-\d+$/)
    rooms.on("connection") { socket in
      socket.emit("welcome", socket.namespace.name)
      socket.on("shout") { (text: String) in rooms.emit("shouted", text) }
    }
    io.of { name, auth in
      let credentials = try auth.decoded(as: Credentials.self)
      return name == "/open-\(credentials.token ?? "")"
    }.on("connection") { socket in socket.emit("welcome", socket.namespace.name) }
    let guarded = io.of("/guarded")
    guarded.use { socket in
      let token = try socket.handshake.auth(as: Credentials.self).token
      guard let token else { throw try ConnectError("token missing", data: Advice(wants: "token")) }
      socket.data["token"] = token
    }
    guarded.use { socket async throws in
      try await Task.sleep(for: .milliseconds(20))
      let token: String? = socket.data["token"]
      if token == "old" { throw ConnectError("token expired") }
    }
    guarded.on("connection") { socket in
      let token: String? = socket.data["token"]
      socket.emit("welcome", token)
    }
  }

  /// Performs a call and acknowledges what came of it.
  static func perform(_ call: String, _ id: String, _ socket: Socket, _ io: Server, _ ack: Ack) {
    let namespace = socket.namespace
    Task {
      do {
        switch call {
        case "broadcast ack":
          let answers: [Arguments] = try await namespace.in("r1").timeout(.seconds(5)).emitWithAck("question", call)
          ack(try answers.map { try $0.first(String.self) }.sorted())
        case "partial broadcast ack":
          do {
            let _: [String] = try await namespace.timeout(.milliseconds(300)).emitWithAck("question", call)
            ack("all")
          } catch let error as BroadcastAckError {
            ack("\(error)", try error.responses(as: String.self).sorted())
          }
        case "nobody's ack":
          let answers: [String] = try await namespace.to("nowhere").emitWithAck("question", call)
          ack(answers)
        case "fetchSockets":
          let found = try await namespace.in("r1").fetchSockets()
          ack(
            found.map(\.id).sorted(),
            found.map { $0.rooms.subtracting([$0.id]).sorted() }.sorted { $0.count < $1.count })
        case "fetched.emitWithAck":
          guard let found = try await namespace.to(id).fetchSockets().first else { return ack("nobody") }
          let answer: String = try await found.emitWithAck("question", call, timeout: .seconds(5))
          ack(answer)
        case "timeout":
          let _: String = try await socket.timeout(.milliseconds(100)).emitWithAck("silence", call)
          ack("an answer")
        default: ack("unknown call")
        }
      } catch { ack("\(error)") }
    }
  }
}
