public import Bongsu
public import ServiceLifecycle

/// A ``Server`` as one service of a `ServiceGroup`.
///
/// ```swift
/// let group = ServiceGroup(
///   services: [ServerService(io, port: 3000)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
/// try await group.run()
/// ```
public struct ServerService: Service {
  private let server: Server
  private let host: String
  private let port: UInt16
  private let reloadSignals: [Int32]
  private let started: @Sendable (UInt16) -> Void

  /// A service that runs `server` once; it must not have been started.
  ///
  /// - Parameters:
  ///   - reloadSignals: each of these signals calls `Server.reloadCertificates()`. Those that end the server are the
  ///     group's own business.
  ///   - started: called with the port as soon as the server listens.
  public init(
    _ server: Server, host: String = "127.0.0.1", port: UInt16 = 3000, reloadingOn reloadSignals: [Int32] = [],
    started: @escaping @Sendable (UInt16) -> Void = { _ in }
  ) {
    self.server = server
    self.host = host
    self.port = port
    self.reloadSignals = reloadSignals
    self.started = started
  }

  /// Listens and serves. Throws what `Server.start` throws. Returns after a graceful shutdown, once every client has
  /// been said goodbye to and is gone, or after `Configuration.shutdownTime`; throws `CancellationError` when the task
  /// is cancelled, which ends the server at once.
  public func run() async throws {
    let server = self.server
    started(try server.start(host: host, port: port, reloadingOn: reloadSignals))
    await withTaskCancellationHandler {
      await withGracefulShutdownHandler {
        await server.closed()
      } onGracefulShutdown: {
        server.close()
      }
    } onCancel: {
      server.stop()
    }
    try Task.checkCancellation()
  }
}
