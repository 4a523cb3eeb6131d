import ArgumentParser
import Bongsu

/// Limits and times that operators change; the rest keeps the library's defaults.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("From one pong (plain WebSockets: any sign of life) to the next ping.", valueName: "ms"))
  var pingInterval = 25_000

  @Option(help: ArgumentHelp("How long a pong may take.", valueName: "ms"))
  var pingTimeout = 20_000

  @Option(help: ArgumentHelp("How long a Socket.IO client may take to join a namespace.", valueName: "ms"))
  var connectTimeout = 45_000

  @Option(help: ArgumentHelp("How long the next attachment of a packet may take.", valueName: "ms"))
  var attachmentTimeout = 30_000

  @Option(help: ArgumentHelp("How long a request's head or body may take.", valueName: "ms"))
  var headTimeout = 10_000

  @Option(help: ArgumentHelp("How long a TLS handshake may take.", valueName: "ms"))
  var tlsTimeout = 10_000

  @Option(help: ArgumentHelp("How long clients have to leave at shutdown.", valueName: "ms"))
  var shutdownTimeout = 5_000

  @Option(help: ArgumentHelp("The largest message.", valueName: "bytes"))
  var maxPayload = 1_000_000

  @Option(
    help: ArgumentHelp(
      "What may wait for a client that does not read; --slow-readers says what happens then.", valueName: "bytes"))
  var maxQueue = 8 << 20

  @Option(
    name: .customLong("slow-readers"),
    help: """
      What becomes of messages for a client that has --max-queue bytes waiting: disconnect it; drop them until it has \
      caught up; or keep only the latest, as soon as it takes no more.
      """)
  var slowReaders = SlowReaderOption.disconnect

  @Flag(
    name: .customLong("report-dropped"),
    help: "Tell clients that have caught up how many messages they missed, by the event relay:dropped.")
  var reportsDropped = false

  @Option(help: ArgumentHelp("Open connections in all.", valueName: "count"))
  var maxConnections = 1_000_000

  @Option(help: ArgumentHelp("Open connections from one address (default: no limit).", valueName: "count"))
  var maxConnectionsPerAddress: Int?

  @Option(
    help: ArgumentHelp(
      """
      Let Socket.IO clients that lose their connection come back as they were for so long, and send them what they \
      have missed (connection state recovery; default: not at all). Events get an argument more, an offset.
      """,
      valueName: "s"))
  var recovery: Int?

  func validate() throws {
    let numbers = [
      ("ping-interval", pingInterval), ("ping-timeout", pingTimeout), ("connect-timeout", connectTimeout),
      ("head-timeout", headTimeout), ("tls-timeout", tlsTimeout), ("shutdown-timeout", shutdownTimeout),
      ("attachment-timeout", attachmentTimeout), ("max-payload", maxPayload), ("max-queue", maxQueue),
      ("max-connections", maxConnections),
      ("max-connections-per-address", maxConnectionsPerAddress ?? 1), ("recovery", recovery ?? 1),
    ]
    if reportsDropped, slowReaders == .disconnect {
      throw ValidationError("--report-dropped goes with --slow-readers drop or latest.")
    }
    for (name, value) in numbers where !(1...Int(Int32.max)).contains(value) {
      throw ValidationError("--\(name) takes a number from 1 to \(Int32.max).")
    }
  }

  func apply(to configuration: inout Configuration) {
    configuration.engine.pingInterval = .milliseconds(pingInterval)
    configuration.engine.pingTimeout = .milliseconds(pingTimeout)
    configuration.webSocketPingInterval = .milliseconds(pingInterval)
    configuration.webSocketPingTimeout = .milliseconds(pingTimeout)
    configuration.shutdownTime = .milliseconds(shutdownTimeout)
    configuration.limits.connectTime = .milliseconds(connectTimeout)
    configuration.limits.attachmentTime = .milliseconds(attachmentTimeout)
    configuration.limits.requestTime = .milliseconds(headTimeout)
    configuration.limits.handshakeTime = .milliseconds(tlsTimeout)
    configuration.limits.messageBytes = maxPayload
    configuration.limits.queuedBytes = maxQueue
    configuration.slowReaders = reportsDropped ? slowReaders.value.reporting("relay:dropped") : slowReaders.value
    configuration.limits.connections = maxConnections
    configuration.limits.connectionsPerAddress = maxConnectionsPerAddress ?? .max
    configuration.connectionStateRecovery = recovery.map {
      ConnectionStateRecovery(maxDisconnectionDuration: .seconds($0))
    }
  }
}
