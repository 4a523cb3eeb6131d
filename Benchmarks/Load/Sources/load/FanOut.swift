import ArgumentParser

/// A few publish, everybody receives; the next round begins when all have everything.
struct FanOut: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fanout",
    abstract: "A few clients publish, all receive; the next round begins when all that read have everything.",
    discussion: "Deliveries are those to the clients that read.")

  @OptionGroup var target: Target
  @OptionGroup var window: Window
  @Option(help: "Clients that publish at the same time.") var publishers = 1
  @Option(help: "Messages that each of them publishes at a time.") var depth = 1
  @Option(help: "Clients that stop reading when the measurement begins.") var stopped = 0

  func validate() throws {
    guard (0..<target.connections).contains(stopped) else {
      throw ValidationError("--stopped is less than --connections")
    }
    guard (1...target.connections - stopped).contains(publishers) else {
      throw ValidationError("--publishers is 1 to those of --connections that read")
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
  private var stopped: StoppedClients
  private var awaited = 0
  private var received = 0
  private var published = 0
  private var latencies = Latencies()
  private var memory: PeakMemory
  private var isOver = false

  init(_ crowd: Crowd, _ options: FanOut) {
    (self.crowd, self.options) = (crowd, options)
    message = Message(options.target, copies: options.depth)
    stopped = StoppedClients(options.stopped, of: options.target.connections)
    memory = PeakMemory(options.target.server)
  }

  /// Counts deliveries; a latency is that of a whole round.
  func measure() throws -> Report {
    crowd.tell(self)
    publish()
    crowd.run(seconds: options.window.warmup)
    (received, published, latencies) = (0, 0, Latencies())
    stopped.stop(in: crowd)
    memory.begin()
    let meter = Meter(options.target, crowd)
    crowd.run(seconds: options.window.seconds)
    var report = try meter.report(count: received, latencies: latencies, crowd: crowd, spins: false)
    guard options.stopped > 0 else { return report }
    (report.serverBytesBefore, report.serverBytes) = (memory.before, memory.most)
    isOver = true
    stopped.goOn(in: crowd)
    crowd.run(seconds: 3)  // they read what is left, and meet the end
    report.stopped = stopped.outcome(sent: published)
    return report
  }

  private func publish() {
    awaited = options.publishers * options.depth * stopped.first
    published += options.publishers * options.depth
    message.stamp(Clock.now)
    for client in 0..<options.publishers { crowd.send(client, message) }
  }

  func received(_ client: Int, due: UInt64) {
    guard !stopped.notes(client, due: due) else { return }
    received += 1
    awaited -= 1
    guard awaited == 0, !isOver else { return }
    latencies.record(from: due, to: Clock.now)
    if options.stopped > 0 { memory.look() }
    publish()
  }

  func closed(_ client: Int, code: Int) { stopped.closed(client, code: code, sent: published) }
}
