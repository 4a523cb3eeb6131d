import ArgumentParser
import Bongsu
import Foundation

/// What the public protocol suites expect of a server under test.
@main
struct Conformance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "A server for protocol test suites: Engine.IO echo, Socket.IO echo and acks, WebSocket echo.")

  @Option(help: "The port to listen on; 0 picks a free one.") var port: UInt16 = 3000
  @Option(help: "Milliseconds from one pong to the next ping.") var pingInterval = 300
  @Option(help: "Milliseconds that a pong may take.") var pingTimeout = 200
  @Option(help: "Milliseconds that a client may take to join a namespace.") var connectTimeout = 1000
  @Option(help: "Milliseconds that a request's head or body may take.") var headTimeout = 10_000
  @Option(help: "Threads with an event loop each.") var loops = 1
  @Flag(name: .customLong("allow-eio3"), help: "Serve clients of Engine.IO 3 as well.") var allowEIO3 = false
  @Flag(help: "Expect clients with socket.io-msgpack-parser.") var msgpack = false

  func run() async throws {
    var configuration = Configuration(loops: loops)
    configuration.engine.pingInterval = .milliseconds(pingInterval)
    configuration.engine.pingTimeout = .milliseconds(pingTimeout)
    configuration.limits.connectTime = .milliseconds(connectTimeout)
    configuration.limits.requestTime = .milliseconds(headTimeout)
    configuration.engine.cors = .any
    configuration.engine.allowEIO3 = allowEIO3
    configuration.parser = msgpack ? .msgpack : .default
    let io = Server(configuration)
    for namespace in [io.of("/"), io.of("/custom")] {
      namespace.on("connection") { socket in
        let greeting = Greeting()
        socket.on("message") { (all: Arguments) in
          greeting.give(to: socket)
          socket.emit("message-back", all)
        }
        socket.on("message-with-ack") { (all: Arguments, ack: Ack) in
          greeting.give(to: socket)
          ack(all)
        }
        // Not at once: the suites listen for one message after the other, and those that run in Node lose a message
        // that arrives together with the one before, as the answer to CONNECT and this would.
        Task {
          try? await Task.sleep(for: .milliseconds(30))
          socket.onLoop { greeting.give(to: socket) }
        }
      }
    }
    io.engine(
      EngineRoute(path: "/engine.io") { socket, text in
        socket.send(text: text)
      } binary: { socket, bytes in
        socket.send(binary: bytes)
      })
    io.webSocket("/echo", messageBytes: 64 << 20, fragments: 131_072, compression: .shared(), fansOut: false) {
      peer, message, kind in
      peer.send(message, kind)
    }
    let port = try io.start(port: port, closingOn: [SIGINT, SIGTERM])
    FileHandle.standardOutput.write(Data("conformance is serving on http://127.0.0.1:\(port)\n".utf8))
    await io.closed()
  }
}

/// What tells a client its authentication, once and before anything else. For the socket's loop.
private final class Greeting: @unchecked Sendable {
  private var isGiven = false

  func give(to socket: Socket) {
    if isGiven { return }
    isGiven = true
    socket.emit("auth", socket.handshake.auth)
  }
}
