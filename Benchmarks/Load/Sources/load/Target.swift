import ArgumentParser

/// The server to load, and how many clients it gets.
struct Target: ParsableArguments {
  @Option(help: "The server's IPv4 address.") var host = "127.0.0.1"
  @Option(help: "The server's port.") var port: UInt16
  @Option(help: "The path to connect to.") var path = "/echo"
  @Flag(help: "Connect by TLS; the certificate is not verified.") var tls = false
  @Option(help: "Speak Socket.IO, and send a message as this event (its options before a comma, in JSON).")
  var event: String?
  @Option(help: "How many clients connect.") var connections = 100
  @Option(help: "Bytes of a message, at least 20.") var size = 32
  @Option(help: "The server's process, for its CPU time and memory.") var pid: Int?

  func validate() throws {
    guard (1...200_000).contains(connections) else { throw ValidationError("--connections is 1 to 200000") }
    guard (20...16_000_000).contains(size) else { throw ValidationError("--size is 20 to 16000000") }
  }

  /// Where clients connect: Engine.IO's own path when it is Socket.IO they speak.
  var actualPath: String { event == nil ? path : "/socket.io/?EIO=4&transport=websocket" }

  var server: ServerProcess? { pid.map(ServerProcess.init) }
}

/// How long to measure.
struct Window: ParsableArguments {
  @Option(help: "Seconds before the measurement.") var warmup = 0.5
  @Option(help: "Seconds of the measurement.") var seconds = 3.0

  func validate() throws {
    guard (0...3600).contains(warmup), seconds > 0, seconds <= 3600 else {
      throw ValidationError("--warmup and --seconds are at most 3600")
    }
  }
}
