import ArgumentParser
import Bongsu
import Foundation

/// Lets a test client ask for every call of the library: `do(call, id?, ack)` performs it from that client's socket with
/// the event `heard` and the call's own name.
@main
struct CallsServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "calls")

  @Option var port: UInt16 = 0
  @Option var loops = 2
  @Flag var msgpack = false
  @Flag(help: "Serve what another listener accepts.") var behind = false
  @Option var tlsCert: String?
  @Option var tlsKey: String?

  func run() async throws {
    var configuration = Configuration(loops: loops)
    configuration.engine.cors = .any
    configuration.parser = msgpack ? .msgpack : .default
    configuration.onError = { FileHandle.standardError.write(Data("calls: \($0)\n".utf8)) }
    if let tlsCert, let tlsKey {
      configuration.tls = TLSConfiguration(certificates: [.init(chainFile: tlsCert, keyFile: tlsKey)])
    }
    let io = Server(configuration)
    for namespace in [io.sockets, io.of("/name")] {
      namespace.on("connection") { socket in Self.install(on: socket, io) }
    }
    // Three ways to hear of a connection, besides the one above.
    io.on("connection") { socket in socket.emit("seen", "io.on") }
    io.sockets.on("connection") { socket in socket.emit("seen", "io.sockets.on") }
    io.of("/name").on("connection") { socket async in socket.emit("seen", "io.of(name).on async") }
    SurfaceCalls.install(on: io)
    WatchedSockets.install(on: io)
    let signals = [SIGINT, SIGTERM]
    let port = behind ? try Neighbour.listen(for: io, signals) : try io.start(port: port, closingOn: signals)
    FileHandle.standardOutput.write(Data("calls is serving on http://127.0.0.1:\(port)\n".utf8))
    await io.closed()
  }

  private static func install(on socket: Socket, _ io: Server) {
    socket.on("join") { (room: String, ack: Ack) in
      socket.join(room)
      ack(room)
    }
    socket.on("leave") { (room: String, ack: Ack) in
      socket.leave(room)
      ack(room)
    }
    socket.on("whoami") { (ack: Ack) in ack(socket.id) }
    socket.on("rooms") { (ack: Ack) in ack(socket.rooms.subtracting([socket.id]).sorted()) }
    socket.on("do") { (call: String, rest: Arguments, ack: Ack) in
      // The ack callback is no argument on the wire: what is left is an optional id.
      let id = rest.count > 0 ? try rest.first(String.self) : ""
      perform(call, id, socket, io, ack)
    }
    socket.on("surface") { (call: String, rest: Arguments, ack: Ack) in
      SurfaceCalls.perform(call, rest.count > 0 ? try rest.first(String.self) : "", socket, io, ack)
    }
    socket.on("async") { (number: Int, ack: Ack) async throws in
      try await Task.sleep(for: .milliseconds(10))
      ack(number + 1)
    }
    socket.once("once") { (ack: Ack) in ack("first") }
    socket.on("disconnecting") { (reason: String) in socket.to("r1").emit("leaving", socket.id, reason) }
    socket.on("disconnect") { (reason: String) in io.emit("left", socket.id, reason) }
  }

  private static func perform(_ call: String, _ id: String, _ socket: Socket, _ io: Server, _ ack: Ack) {
    let event = "heard"
    switch call {
    case "socket.emit": socket.emit(event, call)
    case "socket.broadcast.emit": socket.broadcast.emit(event, call)
    case "socket.to(room).emit": socket.to("r1").emit(event, call)
    case "socket.broadcast.to(room).emit": socket.broadcast.to("r1").emit(event, call)
    case "socket.to(id).emit": socket.to(id).emit(event, call)
    case "socket.to(r1).except(r2).emit": socket.to("r1").except("r2").emit(event, call)
    case "socket.volatile.emit": socket.volatile.emit(event, call)
    case "io.emit": io.emit(event, call)
    case "io.sockets.emit": io.sockets.emit(event, call)
    case "io.in(room).emit": io.in("r1").emit(event, call)
    case "io.to(room).emit": io.to("r1").emit(event, call)
    case "io.of(name).emit": io.of("/name").emit(event, call)
    case "io.sockets.sockets[id].emit": io.sockets.sockets[id]?.emit(event, call)
    default: return performMore(call, id, socket, io, ack)
    }
    ack("done")
  }

  private static func performMore(_ call: String, _ id: String, _ socket: Socket, _ io: Server, _ ack: Ack) {
    let event = "heard"
    switch call {
    case "io.to(r1).to(r2).emit": io.to("r1").to("r2").emit(event, call)
    case "io.to(r1).except(r2).emit": io.to("r1").except("r2").emit(event, call)
    case "io.except(r1).emit": io.except("r1").emit(event, call)
    case "io.volatile.emit": io.volatile.emit(event, call)
    case "io.local.emit": io.local.emit(event, call)
    case "io.compress(false).emit": io.compress(false).emit(event, call)
    case "io.in([r1, r2]).emit": io.in(["r1", "r2"]).emit(event, call)
    case "socket.local.emit": socket.local.emit(event, call)
    case "socket.compress(false).emit": socket.compress(false).emit(event, call)
    case "socket.volatile.to(room).emit": socket.volatile.to("r1").emit(event, call)
    case "socket.except(r2).emit": socket.except("r2").emit(event, call)
    case "socket.emit ack": return socket.emit("question", call) { (answer: String) in ack(answer) }
    case "socket.emitWithAck":
      Task {
        let answer: String? = try? await socket.emitWithAck("question", call, timeout: .seconds(5))
        ack(answer)
      }
      return
    case "io from another thread":
      Task.detached { io.to("r1").emit(event, call) }
    case "socketsJoin": io.in("r1").socketsJoin("r9"); io.to("r9").emit(event, call)
    case "socketsLeave": io.in("r1").socketsLeave("r2"); io.to("r2").emit(event, call)
    case "disconnectSockets": io.in("r2").disconnectSockets()
    case "socket.disconnect": return socket.disconnect()
    case "socket.disconnect(true)": return socket.disconnect(true)
    case "async handler":
      Task {
        try? await Task.sleep(for: .milliseconds(10))
        ack("done")
      }
      return
    default: return ack("unknown call")
    }
    ack("done")
  }
}
