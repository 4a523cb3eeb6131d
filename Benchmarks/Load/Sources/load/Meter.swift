/// Measures server and generator from its making to `report`.
struct Meter {
  private let server: ServerProcess?
  private let start = Clock.now
  private let serverTimes: [String: UInt64]
  private let ownTimes: [String: UInt64]
  private let busy: UInt64

  init(_ target: Target, _ crowd: Crowd) {
    server = target.server
    busy = crowd.busyNanoseconds
    serverTimes = server?.cpuTimes() ?? [:]
    ownTimes = ServerProcess.own.cpuTimes()
  }

  /// `spins`: the generator never sleeps, so that its CPU time says nothing and its busy time is taken.
  func report(count: Int, latencies: Latencies, crowd: Crowd, spins: Bool) throws -> Report {
    let elapsed = Double(Clock.now - start)
    var report = Report(loop: spins ? "open" : "closed", count: count, perSecond: Double(count) * 1e9 / elapsed)
    if let server {
      guard server.isAlive else { throw Failure("the server died") }
      let spent = server.cpuNanoseconds(since: serverTimes)
      report.serverNanoseconds = count > 0 ? spent / Double(count) : nil
      report.serverUtilisation = spent / elapsed
      report.serverBytes = server.residentBytes
    }
    let own = spins ? Double(crowd.busyNanoseconds - busy) : ServerProcess.own.cpuNanoseconds(since: ownTimes)
    report.loadUtilisation = own / elapsed
    report.latency = latencies.summary.count > 0 ? latencies.summary : nil
    report.lost = crowd.lostCount
    return report
  }
}
