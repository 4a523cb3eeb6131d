import Bongsu
import CoreMetrics
import NIOConcurrencyHelpers

/// Keeps the values of metrics, and writes them down in Prometheus' text format.
final class PrometheusMetrics: MetricsFactory {
  /// One value; counters and gauges alike.
  private final class Value: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    private let value = NIOLockedValueBox(0.0)

    var current: Double { value.withLockedValue { $0 } }

    func increment(by amount: Int64) { value.withLockedValue { $0 += Double(amount) } }
    func increment(by amount: Double) { value.withLockedValue { $0 += amount } }
    func decrement(by amount: Double) { value.withLockedValue { $0 -= amount } }
    func set(_ new: Int64) { value.withLockedValue { $0 = Double(new) } }
    func set(_ new: Double) { value.withLockedValue { $0 = new } }
    func record(_ new: Int64) { set(new) }
    func record(_ new: Double) { set(new) }
    func recordNanoseconds(_ duration: Int64) { set(Double(duration) / 1e9) }
    func reset() { set(0.0) }
  }

  /// By name, then by labels as they are written, in the order of their making.
  private let values = NIOLockedValueBox<[(name: String, series: [(labels: String, value: Value)])]>([])

  private func value(_ name: String, _ dimensions: [(String, String)]) -> Value {
    let pairs = dimensions.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
    let labels = pairs.isEmpty ? "" : "{\(pairs)}"
    return values.withLockedValue { values in
      let index = values.firstIndex { $0.name == name } ?? values.endIndex
      if index == values.endIndex { values.append((name, [])) }
      if let known = values[index].series.first(where: { $0.labels == labels }) { return known.value }
      let new = Value()
      values[index].series.append((labels, new))
      return new
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  /// Version 0.0.4 of the format.
  var text: String {
    var text = ""
    for (name, series) in values.withLockedValue({ $0 }) {
      if let description = MetricDescription.all.first(where: { $0.name == name }) {
        text += "# HELP \(name) \(description.help)\n# TYPE \(name) \(description.kind.rawValue)\n"
      }
      for (labels, value) in series { text += "\(name)\(labels) \(Self.number(value.current))\n" }
    }
    return text
  }

  private static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { value(label, dimensions) }

  func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
    value(label, dimensions)
  }

  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { value(label, dimensions) }

  func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    value(label, dimensions)
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { value(label, dimensions) }

  // What was counted stays: a name that comes again goes on where it was.

  func destroyCounter(_ handler: any CounterHandler) {}
  func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  func destroyMeter(_ handler: any MeterHandler) {}
  func destroyRecorder(_ handler: any RecorderHandler) {}
  func destroyTimer(_ handler: any TimerHandler) {}
}
