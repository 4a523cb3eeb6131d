import ArgumentParser

/// What clients cost that only stay.
struct Idle: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What clients cost that only stay: the growth of the server's memory, once it is warm.")

  @OptionGroup var target: Target
  @Option(help: "Clients that come and go first, so that the server has done everything once.") var first = 50
  @Option(help: "Seconds that they stay.") var seconds = 3.0

  func run() throws {
    guard let server = target.server else { throw ValidationError("idle needs --pid") }
    try warmUp()
    let crowd = try Crowd(target)
    let before = server.residentBytes
    let meter = Meter(target, crowd)
    try crowd.open()
    crowd.run(seconds: seconds)
    var report = try meter.report(count: target.connections, latencies: Latencies(), crowd: crowd, spins: false)
    report.serverBytesBefore = before
    report.bytesPerConnection = Double(server.residentBytes - before) / Double(target.connections)
    leave(crowd, target.connections)
    report.serverBytesAfter = server.residentBytes
    try report.print()
  }

  private func warmUp() throws {
    var some = target
    some.connections = first
    let crowd = try Crowd(some)
    try crowd.open()
    crowd.run(seconds: 0.2)
    leave(crowd, first)
  }

  private func leave(_ crowd: Crowd, _ count: Int) {
    for client in 0..<count { crowd.close(client) }
    crowd.run(seconds: 2)
  }
}
