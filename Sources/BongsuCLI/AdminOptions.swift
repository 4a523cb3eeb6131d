import ArgumentParser
import Bongsu
import CoreMetrics
import Logging

/// What operators ask, on an address of its own: it is nobody else's business.
struct AdminOptions: ParsableArguments {
  @Option(
    name: .customLong("metrics-port"),
    help: ArgumentHelp(
      "Serve /metrics (for Prometheus), /healthz and /readyz on this port; 0 picks a free one (default: nowhere).",
      valueName: "number"))
  var port: UInt16?

  @Option(
    name: .customLong("metrics-host"),
    help: ArgumentHelp("The address of that port.", valueName: "address"))
  var host = "127.0.0.1"

  func validate() throws {
    if host != "127.0.0.1", port == nil { throw ValidationError("--metrics-host needs --metrics-port.") }
  }

  /// Starts a server of its own for the questions about `server`; `nil` when nobody wants to ask.
  func start(_ metrics: PrometheusMetrics, about server: Server, _ logger: Logger) throws -> Server? {
    guard let port else { return nil }
    var configuration = Configuration(loops: 1)
    configuration.engine.transports = []
    configuration.limits.connections = 256
    configuration.logger = Logger(label: "bongsu") { _ in SwiftLogNoOpLogHandler() }
    configuration.metrics = NOOPMetricsHandler.instance
    let admin = Server(configuration)
    admin.page("/metrics") { _ in
      var response = Response.text(metrics.text)
      response.headers = [("Content-Type", "text/plain; version=0.0.4; charset=utf-8"), ("Cache-Control", "no-store")]
      return response
    }
    RelayRoutes.addHealth(of: server, to: admin)
    let used = try admin.start(host: host, port: port)
    logger.notice("metrics are served", metadata: ["host": .string(host), "port": .stringConvertible(used)])
    return admin
  }
}
