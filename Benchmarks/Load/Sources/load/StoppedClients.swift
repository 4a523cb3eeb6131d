/// The last clients of a crowd, which stop reading for a while, and what becomes of them.
struct StoppedClients {
  /// The first of them: so many read.
  let first: Int
  private let count: Int
  private var start = UInt64.max
  private var endings: [String] = []
  /// What they have received of what was sent since they stopped.
  private(set) var received = 0

  init(_ count: Int, of connections: Int) {
    (self.count, first) = (count, connections - count)
  }

  mutating func stop(in crowd: Crowd) {
    start = Clock.now
    for client in first..<first + count { crowd.pause(client) }
  }

  /// A message was received; returns whether by one of them.
  mutating func notes(_ client: Int, due: UInt64) -> Bool {
    guard client >= first else { return false }
    if due >= start { received += 1 }
    return true
  }

  mutating func closed(_ client: Int, code: Int, sent: Int) {
    let who = client < first ? "a reading client" : "on reading again it"
    let how = code > 0 ? "was closed with \(code)" : code == 0 ? "met the end, without a close frame" : "met a reset"
    endings.append("\(who) \(how); \(received) of \(sent * count) had reached it")
  }

  func goOn(in crowd: Crowd) {
    for client in first..<first + count { crowd.resume(client) }
  }

  /// How it went, when `sent` messages were for each of them; nil when nobody had stopped.
  func outcome(sent: Int) -> String? {
    guard count > 0 else { return nil }
    return endings.isEmpty ? "still there, got \(received) of \(sent * count)" : endings.joined(separator: "; ")
  }
}

/// How much memory the server had when the measurement began, and the most it has had since.
struct PeakMemory {
  private let server: ServerProcess?
  private(set) var before: Int?
  private(set) var most: Int?
  private var next: UInt64 = 0

  init(_ server: ServerProcess?) { self.server = server }

  mutating func begin() { (before, most) = (server?.residentBytes, nil) }

  /// Looks no more than a hundred times a second, which takes time from the clients.
  mutating func look() {
    let now = Clock.now
    guard now >= next else { return }
    next = now + 10_000_000
    if let bytes = server?.residentBytes { most = max(most ?? 0, bytes) }
  }
}
