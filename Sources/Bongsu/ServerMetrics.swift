internal import BongsuBytes
internal import BongsuReactor
internal import CoreMetrics

/// Where a server's numbers are published. All loops share it; each adds what has changed on it.
final class ServerMetrics: Sendable {
  private enum Handler {
    case counter(any CounterHandler)
    case gauge(any MeterHandler)
  }

  /// In the order of ``MetricTable``.
  private let handlers: [[Handler]]
  private let factory: any MetricsFactory

  /// `nil` when nobody listens.
  init?(_ factory: any MetricsFactory) {
    guard !(factory is NOOPMetricsHandler) else { return nil }
    self.factory = factory
    handlers = MetricTable.all.map { row in
      row.cells.map { cell in
        let dimensions = row.description.label.map { [($0, cell.value)] } ?? []
        return switch row.description.kind {
        case .counter: .counter(factory.makeCounter(label: row.description.name, dimensions: dimensions))
        case .gauge: .gauge(factory.makeMeter(label: row.description.name, dimensions: dimensions))
        }
      }
    }
  }

  fileprivate func publish(_ census: LoopCensus, since last: inout [[Int]]) {
    for (row, handlers) in zip(MetricTable.all.indices, handlers) {
      for (cell, handler) in handlers.enumerated() {
        let value = MetricTable.all[row].cells[cell].read(census)
        let change = value &- last[row][cell]
        last[row][cell] = value
        Self.add(change, to: handler)
      }
    }
  }

  /// Takes back what a loop that has ended has to do with the present.
  fileprivate func retract(_ last: [[Int]]) {
    for (row, handlers) in zip(MetricTable.all.indices, handlers) where MetricTable.all[row].description.kind == .gauge
    {
      for (cell, handler) in handlers.enumerated() { Self.add(-last[row][cell], to: handler) }
    }
  }

  private static func add(_ change: Int, to handler: Handler) {
    switch handler {
    case _ where change == 0: break
    case .counter(let counter): counter.increment(by: Int64(change))
    case .gauge(let gauge) where change > 0: gauge.increment(by: Double(change))
    case .gauge(let gauge): gauge.decrement(by: -Double(change))
    }
  }

  fileprivate func ofLoop(_ index: Int) -> (time: any FloatingPointCounterHandler, delay: any MeterHandler) {
    let dimensions = [("loop", String(index))]
    return (
      factory.makeFloatingPointCounter(
        label: MetricTable.OfLoop.processorTime.description.name, dimensions: dimensions),
      factory.makeMeter(label: MetricTable.OfLoop.delay.description.name, dimensions: dimensions)
    )
  }
}

/// Publishes a loop's numbers once a second, on the loop.
final class HubMetrics: TimerTarget {
  private static var period: Duration { .seconds(1) }

  private unowned let hub: Hub
  private let metrics: ServerMetrics
  private var last = MetricTable.all.map { $0.cells.map { _ in 0 } }
  private var lastTime = Duration.zero
  private var due = MonotonicTime.never
  private let time: any FloatingPointCounterHandler
  private let delay: any MeterHandler

  init(_ metrics: ServerMetrics, of hub: Hub) {
    self.hub = hub
    self.metrics = metrics
    (time, delay) = metrics.ofLoop(hub.index)
    schedule()
  }

  private func schedule() {
    due = hub.loop.now + Self.period
    _ = hub.loop.schedule(self, at: due)
  }

  func deadlineReached(_ now: MonotonicTime) {
    delay.set(Double(now.milliseconds - due.milliseconds) / 1000)
    let used = Loop.threadTime
    time.increment(by: (used - lastTime) / .seconds(1))
    lastTime = used
    publish()
    schedule()
  }

  /// What has changed since the last time.
  private func publish() { metrics.publish(LoopCensus(hub), since: &last) }

  /// The loop has ended; for whoever knows that.
  func end() {
    publish()
    metrics.retract(last)
  }
}
