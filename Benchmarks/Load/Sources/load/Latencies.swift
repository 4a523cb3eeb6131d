import Histogram

/// Latencies in nanoseconds, three digits exact.
struct Latencies {
  private var histogram = Histogram<UInt64>(highestTrackableValue: 120_000_000_000)

  mutating func record(from: UInt64, to: UInt64) {
    _ = histogram.record(min(to > from ? to - from : 1, 120_000_000_000))
  }

  /// In microseconds.
  struct Summary: Encodable {
    let p50, p99, p999, max: Double
    let count: UInt64
  }

  var summary: Summary {
    func microseconds(_ value: UInt64) -> Double { (Double(value) / 100).rounded() / 10 }
    func percentile(_ percent: Double) -> Double { microseconds(histogram.valueAtPercentile(percent)) }
    return Summary(
      p50: percentile(50), p99: percentile(99), p999: percentile(99.9), max: microseconds(histogram.maxRecorded),
      count: histogram.totalCount)
  }
}
