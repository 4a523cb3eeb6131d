import ArgumentParser

/// All clients connect at once, again and again.
struct Storm: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "All clients connect at once, stay until the last is ready, and are reset; again and again.",
    discussion: "Counts handshakes. Latencies are from the storm's beginning to being ready.")

  @OptionGroup var target: Target
  @OptionGroup var window: Window

  func run() throws {
    let crowd = try Crowd(target, sources: 32)
    try Waves(crowd, target).measure(window).print()
  }
}

private final class Waves: CrowdDelegate {
  private let crowd: Crowd
  private let target: Target
  private var began: UInt64 = 0
  private var latencies = Latencies()

  init(_ crowd: Crowd, _ target: Target) { (self.crowd, self.target) = (crowd, target) }

  func measure(_ window: Window) throws -> Report {
    crowd.tell(self)
    try wave()
    latencies = Latencies()
    let meter = Meter(target, crowd)
    let end = Clock.now + UInt64(window.seconds * 1e9)
    var waves = 0
    repeat {
      try wave()
      waves += 1
    } while Clock.now < end
    return try meter.report(count: waves * target.connections, latencies: latencies, crowd: crowd, spins: false)
  }

  private func wave() throws {
    began = Clock.now
    try crowd.open(atOnce: target.connections)
    for client in 0..<target.connections { crowd.abort(client) }
    crowd.run(seconds: 0.1)
  }

  func becameReady(_ client: Int) { latencies.record(from: began, to: Clock.now) }
  func received(_ client: Int, due: UInt64) {}
}
