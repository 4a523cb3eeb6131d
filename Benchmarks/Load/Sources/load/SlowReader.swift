import ArgumentParser

/// One client publishes on a schedule, all receive, and some stop reading.
struct SlowReader: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slow-reader",
    abstract: "One client publishes on a schedule, all receive, and some stop reading (open loop).",
    discussion: "Latencies, and messages that never came, are those of the clients that read.")

  @OptionGroup var target: Target
  @OptionGroup var window: Window
  @Option(help: "Messages per second.") var rate = 25.0
  @Option(help: "Clients that stop reading when the measurement begins.") var stopped = 1

  func validate() throws {
    guard rate > 0, rate <= 1_000_000 else { throw ValidationError("--rate is above 0") }
    guard (0..<target.connections).contains(stopped) else {
      throw ValidationError("--stopped is less than --connections")
    }
  }

  func run() throws {
    let crowd = try Crowd(target)
    try crowd.open()
    try Stall(crowd, self).measure().print()
  }
}

private final class Stall: CrowdDelegate {
  private let crowd: Crowd
  private let options: SlowReader
  private var message: Message
  private var stopped: StoppedClients
  private var start = UInt64.max
  private var sent = 0
  private var received = 0
  private var latencies = Latencies()
  private var memory: PeakMemory

  init(_ crowd: Crowd, _ options: SlowReader) {
    (self.crowd, self.options) = (crowd, options)
    message = Message(options.target)
    stopped = StoppedClients(options.stopped, of: options.target.connections)
    memory = PeakMemory(options.target.server)
  }

  func measure() throws -> Report {
    crowd.tell(self)
    crowd.run(seconds: options.window.warmup, rate: options.rate, send: publish)
    stopped.stop(in: crowd)
    sent = 0
    start = Clock.now
    memory.begin()
    let meter = Meter(options.target, crowd)
    crowd.run(seconds: options.window.seconds, rate: options.rate, send: publish)
    let deliveries = received + stopped.received
    var report = try meter.report(count: deliveries, latencies: latencies, crowd: crowd, spins: true)
    crowd.run(seconds: 0.5)  // for what is still under way
    report.latency = latencies.summary
    report.unanswered = sent * stopped.first - received
    (report.serverBytesBefore, report.serverBytes) = (memory.before, memory.most)
    stopped.goOn(in: crowd)
    crowd.run(seconds: 3)  // they read what is left, and meet the end
    report.stopped = stopped.outcome(sent: sent)
    return report
  }

  private func publish(_ number: Int, due: UInt64) {
    sent += 1
    message.stamp(due)
    crowd.send(0, message)
    memory.look()
  }

  func received(_ client: Int, due: UInt64) {
    guard !stopped.notes(client, due: due), due >= start else { return }
    received += 1
    latencies.record(from: due, to: Clock.now)
  }

  func closed(_ client: Int, code: Int) { stopped.closed(client, code: code, sent: sent) }
}
