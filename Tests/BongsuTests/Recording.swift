import CoreMetrics
import Foundation
import Logging
import NIOConcurrencyHelpers

@testable import Bongsu

/// Keeps what is logged.
final class RecordedLog: Sendable {
  struct Line: Sendable {
    let level: Logger.Level
    let message: String
    let metadata: [String: String]
  }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let metadata = (event.metadata ?? [:]).mapValues(\.description)
      log.kept.withLockedValue {
        $0.append(Line(level: event.level, message: event.message.description, metadata: metadata))
      }
    }
  }

  private let kept = NIOLockedValueBox<[Line]>([])

  var lines: [Line] { kept.withLockedValue { $0 } }

  func lines(_ message: String) -> [Line] { lines.filter { $0.message == message } }

  func logger(_ level: Logger.Level) -> Logger { Logger(label: "test") { _ in Handler(log: self, logLevel: level) } }
}

/// Keeps the values of metrics, by names as `name` and `name{value}`.
final class RecordedMetrics: MetricsFactory {
  private final class Handler: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler
  {
    let metrics: RecordedMetrics
    let key: String

    init(_ metrics: RecordedMetrics, _ key: String) { (self.metrics, self.key) = (metrics, key) }

    private func change(_ body: (inout Double) -> Void) { metrics.kept.withLockedValue { body(&$0[key, default: 0]) } }
    func increment(by amount: Int64) { change { $0 += Double(amount) } }
    func increment(by amount: Double) { change { $0 += amount } }
    func decrement(by amount: Double) { change { $0 -= amount } }
    func set(_ value: Int64) { change { $0 = Double(value) } }
    func set(_ value: Double) { change { $0 = value } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
    func recordNanoseconds(_ duration: Int64) { set(duration) }
    func reset() { set(0.0) }
  }

  private let kept = NIOLockedValueBox<[String: Double]>([:])

  var values: [String: Double] { kept.withLockedValue { $0 } }

  /// Without the prefix that all have in common.
  subscript(name: String) -> Double? { values["bongsu_" + name] }

  /// Whether it becomes so in a while: values are published once a second.
  func comes(_ isSo: (RecordedMetrics) -> Bool) async throws -> Bool {
    for _ in 0..<6_000 where !isSo(self) { try await Task.sleep(for: .milliseconds(10)) }
    return isSo(self)
  }

  private func handler(_ label: String, _ dimensions: [(String, String)]) -> Handler {
    let key = dimensions.isEmpty ? label : label + "{" + dimensions.map(\.1).joined(separator: ",") + "}"
    kept.withLockedValue { $0[key] = $0[key] ?? 0 }
    return Handler(self, key)
  }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { handler(label, dimensions) }
  func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
    handler(label, dimensions)
  }
  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { handler(label, dimensions) }
  func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    handler(label, dimensions)
  }
  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { handler(label, dimensions) }
  func destroyCounter(_ handler: any CounterHandler) {}
  func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  func destroyMeter(_ handler: any MeterHandler) {}
  func destroyRecorder(_ handler: any RecorderHandler) {}
  func destroyTimer(_ handler: any TimerHandler) {}
}
