internal import Logging
import NIOConcurrencyHelpers

/// What a server writes to its log. From any thread.
///
/// What clients can cause is warned of ten times in ten seconds for each kind of it, and counted beyond: a flood of
/// hostile clients is no flood of lines. `debug` and `trace` are not held back; who turns them on wants to see it all.
final class ServerLog: Sendable {
  private struct Gate {
    var end: ContinuousClock.Instant
    var left = linesPerPeriod
    var unsaid = 0
  }

  private static var linesPerPeriod: Int { 10 }
  private static var period: Duration { .seconds(10) }

  private let logger: Logger
  /// The logger's level when the server was made: asking it costs more than what most messages do.
  let isDebugging: Bool
  let isTracing: Bool
  /// By what is said: literals only, so there are few.
  private let gates = NIOLockedValueBox<[String: Gate]>([:])

  init(_ logger: Logger) {
    self.logger = logger
    isDebugging = logger.logLevel <= .debug
    isTracing = logger.logLevel <= .trace
  }

  // MARK: The server's own life

  func info(_ message: Logger.Message, _ metadata: Logger.Metadata = [:]) { logger.info(message, metadata: metadata) }

  func notice(_ message: Logger.Message, _ metadata: Logger.Metadata) { logger.notice(message, metadata: metadata) }

  // MARK: What clients cause

  func limitReached(_ limit: LimitName, peer: @autoclosure () -> String?) {
    warn("limit reached", kind: limit.rawValue, .warning) {
      var metadata: Logger.Metadata = ["limit": .string(limit.rawValue)]
      if let peer = peer() { metadata["peer"] = .string(peer) }
      return metadata
    }
  }

  /// Somebody wanted to use the Admin UI who may not.
  func adminRefused(peer: String) {
    warn("no access to the Admin UI", kind: "admin", .warning) { ["peer": .string(peer)] }
  }

  /// There are more clients than a page is told of at once.
  func adminListCut(told: Int, of count: Int) {
    warn("the Admin UI is not told of all clients", kind: "admin list", .notice) {
      ["told": .stringConvertible(told), "clients": .stringConvertible(count)]
    }
  }

  /// An error that nobody else is told of.
  func report(_ error: any Error) {
    if error is CertificateError {
      // Nobody but the operator can cause it, and he wants to know.
      logger.error("certificates cannot be used", metadata: ["error": Self.text(of: error)])
      return
    }
    // Clients send what handlers cannot decode, and ask for more rooms than they may have.
    let level: Logger.Level = error is DecodingError || error is RoomError ? .warning : .error
    warn("error", kind: level.rawValue, level) { ["error": Self.text(of: error)] }
  }

  private static func text(of error: any Error) -> Logger.MetadataValue {
    .string(WireText.printable("\(error)", maximum: 500))
  }

  private func warn(
    _ message: Logger.Message, kind: String, _ level: Logger.Level, _ metadata: () -> Logger.Metadata
  ) {
    guard logger.logLevel <= level, let unsaid = pass(kind) else { return }
    var metadata = metadata()
    if unsaid > 0 { metadata["unsaid"] = .stringConvertible(unsaid) }
    logger.log(level: level, message, metadata: metadata)
  }

  /// How often it was not said since the last time, when it may be said now.
  private func pass(_ kind: String) -> Int? {
    let now = ContinuousClock.now
    return gates.withLockedValue { gates in
      var gate = gates[kind] ?? Gate(end: now + Self.period)
      defer { gates[kind] = gate }
      if now >= gate.end { (gate.end, gate.left) = (now + Self.period, Self.linesPerPeriod) }
      guard gate.left > 0 else {
        gate.unsaid += 1
        return nil
      }
      gate.left -= 1
      defer { gate.unsaid = 0 }
      return gate.unsaid
    }
  }

  // MARK: For whoever looks for a fault

  /// Clients coming and going.
  func debug(_ message: Logger.Message, _ metadata: @autoclosure () -> Logger.Metadata) {
    if isDebugging { logger.debug(message, metadata: metadata()) }
  }

  /// Every message: what it is and how long, not what it says.
  func trace(_ message: Logger.Message, _ metadata: Logger.Metadata) { logger.trace(message, metadata: metadata) }
}
