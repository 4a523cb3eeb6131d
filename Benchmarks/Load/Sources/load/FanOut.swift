import ArgumentParser

/// A few publish, everybody receives; the next round begins when all have everything.
struct FanOut: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fanout",
    abstract: "A few clients publish, all receive; the next round begins when all have everything.")

  @OptionGroup var target: Target
  @OptionGroup var window: Window
  @Option(help: "Clients that publish at the same time.") var publishers = 1
  @Option(help: "Messages that each of them publishes at a time.") var depth = 1

  func validate() throws {
    guard (1...target.connections).contains(publishers) else {
      throw ValidationError("--publishers is 1 to --connections")
    }
    guard (1...10_000).contains(depth) else { throw ValidationError("--depth is 1 to 10000") }
  }

  func run() throws {
    let crowd = try Crowd(target)
    try crowd.open()
    try Rounds(crowd, self).measure().print()
  }
}

private final class Rounds: CrowdDelegate {
  private let crowd: Crowd
  private let options: FanOut
  private var message: Message
  private var awaited = 0
  private var received = 0
  private var latencies = Latencies()

  init(_ crowd: Crowd, _ options: FanOut) {
    (self.crowd, self.options) = (crowd, options)
    message = Message(options.target, copies: options.depth)
  }

  /// Counts deliveries; a latency is that of a whole round.
  func measure() throws -> Report {
    crowd.tell(self)
    publish()
    crowd.run(seconds: options.window.warmup)
    (received, latencies) = (0, Latencies())
    let meter = Meter(options.target, crowd)
    crowd.run(seconds: options.window.seconds)
    return try meter.report(count: received, latencies: latencies, crowd: crowd, spins: false)
  }

  private func publish() {
    awaited = options.publishers * options.depth * options.target.connections
    message.stamp(Clock.now)
    for client in 0..<options.publishers { crowd.send(client, message) }
  }

  func received(_ client: Int, due: UInt64) {
    received += 1
    awaited -= 1
    guard awaited == 0 else { return }
    latencies.record(from: due, to: Clock.now)
    publish()
  }
}
