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
  private let firstStopped: Int
  private var message: Message
  private var start = UInt64.max
  private var sent = 0
  private var received = 0
  private var receivedByStopped = 0
  private var latencies = Latencies()
  private var endings: [String] = []
  private var mostBytes: Int?

  init(_ crowd: Crowd, _ options: SlowReader) {
    (self.crowd, self.options) = (crowd, options)
    firstStopped = options.target.connections - options.stopped
    message = Message(options.target)
  }

  func measure() throws -> Report {
    crowd.tell(self)
    crowd.run(seconds: options.window.warmup, rate: options.rate, send: publish)
    for client in firstStopped..<options.target.connections { crowd.pause(client) }
    sent = 0
    start = Clock.now
    let before = options.target.server?.residentBytes
    let meter = Meter(options.target, crowd)
    crowd.run(seconds: options.window.seconds, rate: options.rate, send: publish)
    let deliveries = received + receivedByStopped
    var report = try meter.report(count: deliveries, latencies: latencies, crowd: crowd, spins: true)
    crowd.run(seconds: 0.5)  // for what is still under way
    report.latency = latencies.summary
    report.unanswered = sent * firstStopped - received
    report.serverBytesBefore = before
    report.serverBytes = mostBytes
    for client in firstStopped..<options.target.connections { crowd.resume(client) }
    crowd.run(seconds: 3)  // it reads what is left, and meets the end
    report.stopped = options.stopped > 0 ? endings.isEmpty ? stillThere : endings.joined(separator: "; ") : nil
    return report
  }

  private var stillThere: String { "still there, got \(receivedByStopped) of \(sent * options.stopped)" }

  private func publish(_ number: Int, due: UInt64) {
    sent += 1
    message.stamp(due)
    crowd.send(0, message)
    if let bytes = options.target.server?.residentBytes { mostBytes = max(mostBytes ?? 0, bytes) }
  }

  func received(_ client: Int, due: UInt64) {
    guard due >= start else { return }
    guard client < firstStopped else {
      receivedByStopped += 1
      return
    }
    received += 1
    latencies.record(from: due, to: Clock.now)
  }

  func closed(_ client: Int, code: Int) {
    let who = client < firstStopped ? "a reading client" : "on reading again it"
    let how = code > 0 ? "was closed with \(code)" : code == 0 ? "met the end, without a close frame" : "met a reset"
    endings.append("\(who) \(how); \(receivedByStopped) of \(sent) had reached it")
  }
}
