import Bongsu
import NIOConcurrencyHelpers

/// The namespace `/watched`, whose sockets remember the last event that went either way and let `forbidden` not pass.
/// `last in` and `last out` are answered with that event's name and arguments, `faults` with what middlewares have
/// thrown.
enum WatchedSockets {
  private final class Memory: Sendable {
    let incoming = NIOLockedValueBox<SocketEvent?>(nil)
    let outgoing = NIOLockedValueBox<SocketEvent?>(nil)
    let faults = NIOLockedValueBox<[String]>([])
  }

  static func install(on io: Server) {
    io.of("/watched").on("connection") { socket in
      let memory = Memory()
      socket.onAny { event in
        if event.arguments.count > 0 { memory.incoming.withLockedValue { $0 = event } }
      }
      socket.onAnyOutgoing { event in memory.outgoing.withLockedValue { $0 = event } }
      socket.use { event in
        if event.name == "forbidden" { throw ConnectError("not this one") }
      }
      socket.onError { error in
        memory.faults.withLockedValue { $0.append((error as? ConnectError)?.message ?? "\(error)") }
      }
      for name in ["echo", "forbidden"] {
        socket.on(name) { (all: Arguments) in socket.emit(name + "ed", all) }
      }
      socket.on("tell all") { (all: Arguments) in io.of("/watched").emit("told", all) }
      socket.on("last in") { (ack: Ack) in answer(ack, memory.incoming.withLockedValue { $0 }) }
      socket.on("last out") { (ack: Ack) in answer(ack, memory.outgoing.withLockedValue { $0 }) }
      socket.on("faults") { (ack: Ack) in ack(memory.faults.withLockedValue { $0 }) }
    }
  }

  private static func answer(_ ack: Ack, _ event: SocketEvent?) {
    if let event { ack(event.name, event.arguments) } else { ack() }
  }
}
