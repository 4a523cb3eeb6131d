import Bongsu

struct Line: Codable, Sendable {
  let name: String
  let text: String
}

/// A chat server: `say` reaches the room, `whisper` one person, `who` is acknowledged with a count.
@main
struct Chat {
  static func main() async throws {
    let io = Server()
    io.on("connection") { socket in
      socket.join("lobby")
      socket.broadcast.emit("arrived", socket.id)

      socket.on("say") { (line: Line, ack: Ack) in
        socket.to("lobby").emit("said", line)
        ack("delivered")
      }
      socket.on("whisper") { (id: String, line: Line) in
        socket.to(id).emit("whispered", line)
      }
      socket.on("who") { (ack: Ack) in
        ack(io.sockets.sockets.count)
      }
      socket.on("quiz") { (question: String) async throws in
        let answer: String = try await socket.emitWithAck("question", question, timeout: .seconds(10))
        io.in("lobby").emit("answered", socket.id, answer)
      }
      socket.on("disconnect") { (reason: String) in
        io.emit("left", socket.id, reason)
      }
    }
    print("chat is serving on http://127.0.0.1:3000")
    try await io.run(port: 3000)
  }
}
