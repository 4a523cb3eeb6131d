import ArgumentParser

/// Clients come, send one message, get it back and leave, again and again.
struct Churn: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Clients come, send one message, get it back and leave, again and again.",
    discussion: "--connections of them are there at a time. Latencies are from connecting to being ready.")

  @OptionGroup var target: Target
  @Option(help: "How many come in all.") var total = 200_000

  func validate() throws {
    guard total >= 10 else { throw ValidationError("--total is at least 10") }
  }

  func run() throws {
    let crowd = try Crowd(target, sources: 2 + total / 5_000)
    try ComeAndGo(crowd, target).measure(total: total).print()
  }
}

private final class ComeAndGo: CrowdDelegate {
  private let crowd: Crowd
  private let target: Target
  private var message: Message
  private var connecting: [UInt64]
  private var toCome = 0
  private var gone = 0
  private var refused = 0
  private var latencies = Latencies()

  init(_ crowd: Crowd, _ target: Target) {
    (self.crowd, self.target) = (crowd, target)
    message = Message(target)
    connecting = Array(repeating: 0, count: target.connections)
  }

  func measure(total: Int) throws -> Report {
    crowd.tell(self)
    let first = total / 10
    try comeAndGo(first)
    crowd.run(seconds: 1)
    let before = target.server?.residentBytes
    latencies = Latencies()
    let meter = Meter(target, crowd)
    try comeAndGo(total - first)
    var report = try meter.report(count: total - first, latencies: latencies, crowd: crowd, spins: false)
    crowd.run(seconds: 3)
    report.lost = refused
    report.serverBytesBefore = before
    report.serverBytesAfter = target.server?.residentBytes
    return report
  }

  private func comeAndGo(_ count: Int) throws {
    (toCome, gone) = (count, 0)
    for client in 0..<min(target.connections, count) { try come(client) }
    var (last, since) = (0, Clock.now)
    while gone < count {
      crowd.turn(until: Clock.now + 100_000_000)
      if gone > last { (last, since) = (gone, Clock.now) }
      guard Clock.now - since < 30_000_000_000 else { throw Failure("nobody left for 30 s; \(gone) of \(count) had") }
    }
  }

  private func come(_ client: Int) throws {
    toCome -= 1
    connecting[client] = Clock.now
    try crowd.connect(client)
  }

  func becameReady(_ client: Int) {
    latencies.record(from: connecting[client], to: Clock.now)
    message.stamp(Clock.now)
    crowd.send(client, message)
  }

  func received(_ client: Int, due: UInt64) { crowd.close(client) }

  func closed(_ client: Int, code: Int) {
    gone += 1
    if code != 1000 { refused += 1 }
    if toCome > 0, (try? come(client)) == nil { gone += 1 }
  }
}
