import ArgumentParser
import Bongsu
import Foundation
import Logging

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the built-in relay until SIGINT or SIGTERM.",
    discussion: """
      Paths:
        /              a chat page that needs nothing but this server
        /bongsu.js     the browser client the page uses, an ES module
        /socket.io/    Socket.IO by WebSocket or long polling; clients may emit
                       join(room, {presence}), leave(room) and
                       relay({to, except, self, volatile}, event, ...args)
        /ws/<room>     plain WebSocket: the others in the room receive what one
                       sends (?self=1: the sender too)
        /echo          plain WebSocket: every message comes back
        /broadcast     plain WebSocket: every message goes to everyone there
        /healthz       answers "ok"
        /readyz        answers "ok", or 503 when the server is about to end
      """)

  @Option(help: ArgumentHelp("The address to listen on; 0.0.0.0 for all IPv4, :: for all.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("The port to listen on; 0 picks a free one.", valueName: "number"))
  var port: UInt16 = 3000

  @Option(help: ArgumentHelp("Threads with an event loop each, 1 to 63 (default: one per core).", valueName: "count"))
  var loops: Int?

  @Option(
    name: .customLong("namespace"),
    help: ArgumentHelp(
      """
      A namespace in which clients can join rooms and relay; may be repeated. / is one of them only if it is named too \
      (default: / alone).
      """, valueName: "name"))
  var namespaces: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      How Socket.IO packets are written: default, or msgpack for clients with socket.io-msgpack-parser. The chat page \
      and clients of Socket.IO 2 speak the default alone.
      """,
      valueName: "format"))
  var parser = ParserOption.default

  @Option(
    help: ArgumentHelp(
      "Serve the official browser client from this directory as /socket.io/socket.io.js and so on.",
      valueName: "directory"))
  var clientDir: String?

  @Flag(
    name: .customLong("no-io-uring"),
    help: """
      Send by a system call for each client, even where the kernel has io_uring. Where it has not (before Linux 6.1, \
      or in a container that forbids it) that is what happens anyway, and is said once at the start.
      """)
  var refusesIOUring = false

  @OptionGroup(title: "Clients")
  var clients: ClientOptions

  @OptionGroup(title: "Compression")
  var compression: CompressionOptions

  @OptionGroup(title: "TLS")
  var tls: TLSOptions

  @OptionGroup(title: "Log")
  var log: LogOptions

  @OptionGroup(title: "Metrics")
  var admin: AdminOptions

  @OptionGroup(title: "Admin UI")
  var adminUI: AdminUIOptions

  @OptionGroup(title: "Limits and times")
  var limits: LimitOptions

  func validate() throws {
    if let loops, !(1...63).contains(loops) { throw ValidationError("--loops takes a number from 1 to 63.") }
    guard port == 0 || admin.port != port || admin.host != host else {
      throw ValidationError("--port and --metrics-port are two ports.")
    }
  }

  func run() throws {
    var configuration = loops.map { Configuration(loops: $0) } ?? Configuration()
    limits.apply(to: &configuration)
    configuration.parser = parser.value
    configuration.compression = compression.value
    configuration.tls = tls.configuration
    configuration.logger = log.logger
    let metrics = PrometheusMetrics()
    if admin.port != nil { configuration.metrics = metrics }
    configuration.ioUring = !refusesIOUring
    clients.apply(to: &configuration)
    ProcessTuning.forManyConnections()
    let server = Server(configuration)
    RelayRoutes.install(on: server, namespaces: namespaces.isEmpty ? ["/"] : namespaces)
    try adminUI.install(on: server)
    if adminUI.isUnprotected {
      configuration.logger.warning("the Admin UI is open to everybody who can reach the server")
    }
    if let clientDir { try server.serveClient(from: clientDir) }
    let admin = try admin.start(metrics, about: server, configuration.logger)
    try server.runBlocking(
      host: host, port: port, closingOn: [SIGINT, SIGTERM], reloadingOn: [SIGHUP],
      listening: announce)
    admin?.stop()
  }

  private func announce(_ port: UInt16) {
    let name = host.contains(":") ? "[\(host)]" : host
    let scheme = tls.isOn ? "https" : "http"
    FileHandle.standardOutput.write(Data("Bongsu is serving on \(scheme)://\(name):\(port)\n".utf8))
  }
}
