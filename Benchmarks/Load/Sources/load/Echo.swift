import ArgumentParser

/// Every client sends messages and gets each of them back.
struct Echo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Every client sends messages and gets each of them back.")

  @OptionGroup var target: Target
  @OptionGroup var window: Window
  @Option(help: "Messages that each client has under way.") var depth = 1
  @Option(help: "Open loop: this many messages per second, from all clients in turn.") var rate: Double?

  func validate() throws {
    guard (1...10_000).contains(depth) else { throw ValidationError("--depth is 1 to 10000") }
    guard rate.map({ $0 > 0 && $0 <= 10_000_000 }) ?? true else { throw ValidationError("--rate is above 0") }
  }

  func run() throws {
    let crowd = try Crowd(target)
    try crowd.open()
    let report =
      if let rate { try OpenEcho(crowd, target).measure(window, rate: rate) } else {
        try ClosedEcho(crowd, target, depth: depth).measure(window)
      }
    try report.print()
  }
}

/// The next messages of a client leave when its last ones have all come back.
private final class ClosedEcho: CrowdDelegate {
  private let crowd: Crowd
  private let target: Target
  private let depth: Int
  private var message: Message
  private var underWay: [Int]
  private var received = 0
  private var latencies = Latencies()

  init(_ crowd: Crowd, _ target: Target, depth: Int) {
    (self.crowd, self.target, self.depth) = (crowd, target, depth)
    message = Message(target, copies: depth)
    underWay = Array(repeating: depth, count: target.connections)
  }

  func measure(_ window: Window) throws -> Report {
    crowd.tell(self)
    for client in 0..<target.connections { send(client, now: Clock.now) }
    crowd.run(seconds: window.warmup)
    (received, latencies) = (0, Latencies())
    let meter = Meter(target, crowd)
    crowd.run(seconds: window.seconds)
    return try meter.report(count: received, latencies: latencies, crowd: crowd, spins: false)
  }

  private func send(_ client: Int, now: UInt64) {
    message.stamp(now)
    crowd.send(client, message)
  }

  func received(_ client: Int, due: UInt64) {
    received += 1
    underWay[client] -= 1
    guard underWay[client] == 0 else { return }
    underWay[client] = depth
    let now = Clock.now
    latencies.record(from: due, to: now)
    send(client, now: now)
  }
}

/// Messages leave when they are due, whatever has come back by then.
private final class OpenEcho: CrowdDelegate {
  private let crowd: Crowd
  private let target: Target
  private var message: Message
  private var measured: ClosedRange<UInt64> = 0...0
  private var sent = 0
  private var received = 0
  private var latencies = Latencies()

  init(_ crowd: Crowd, _ target: Target) {
    (self.crowd, self.target) = (crowd, target)
    message = Message(target)
  }

  func measure(_ window: Window, rate: Double) throws -> Report {
    crowd.tell(self)
    crowd.run(seconds: window.warmup, rate: rate, send: send)
    sent = 0
    measured = Clock.now...UInt64.max
    let meter = Meter(target, crowd)
    crowd.run(seconds: window.seconds, rate: rate, send: send)
    var report = try meter.report(count: received, latencies: latencies, crowd: crowd, spins: true)
    crowd.run(seconds: 1)  // for answers still under way
    report.latency = latencies.summary
    report.unanswered = sent - received
    return report
  }

  private func send(_ number: Int, due: UInt64) {
    sent += 1
    message.stamp(due)
    crowd.send(number % target.connections, message)
  }

  func received(_ client: Int, due: UInt64) {
    guard measured.contains(due), measured.lowerBound > 0 else { return }
    received += 1
    latencies.record(from: due, to: Clock.now)
  }
}
