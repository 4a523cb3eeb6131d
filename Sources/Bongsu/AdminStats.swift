internal import BongsuBytes
internal import BongsuReactor
internal import BongsuSession
internal import FoundationEssentials
import Synchronization

/// A server's numbers as the Admin UI is told of them (`ServerStats` of the reference's typed-events.ts).
struct ServerStats: Encodable, Sendable {
  struct AggregatedEvent: Encodable, Sendable {
    /// Milliseconds since 1970, whole seconds.
    let timestamp: Int
    let type: String
    let subType: String?
    let count: Int
  }

  struct NamespaceSize: Encodable, Sendable {
    let name: String
    let socketsCount: Int
  }

  let serverId: String
  let hostname: String
  let pid: Int32
  /// Seconds.
  let uptime: Double
  let clientsCount: Int
  let pollingClientsCount: Int
  /// What has happened since the last time.
  let aggregatedEvents: [AggregatedEvent]
  let namespaces: [NamespaceSize]
}

/// What is counted for the page, since a loop began.
private struct AdminCensus {
  struct Kind: Hashable {
    let type: String
    var subType: String?
  }

  private(set) var counts: [Kind: Int] = [:]
  private(set) var polling = 0

  /// Bytes are those on the wire.
  init(_ hub: Hub) {
    let (loop, own) = (hub.loop.counters, hub.counters)
    counts[Kind(type: "rawConnection")] = own.sessionsOpened.values.reduce(0, &+)
    for (reason, count) in own.sessionsClosed {
      counts[Kind(type: "rawDisconnection", subType: reason.rawValue)] = count
    }
    counts[Kind(type: "packetsIn")] = own.polledMessagesReceived &+ loop.messagesReceived
    counts[Kind(type: "packetsOut")] = own.polledMessagesSent &+ loop.messagesSent
    counts[Kind(type: "bytesIn")] = loop.bytesReceived
    counts[Kind(type: "bytesOut")] = loop.bytesSent
    polling = hub.sessions.count &- own.webSocketSessions
  }

  /// All loops together.
  init(_ all: [AdminCensus]) {
    for one in all {
      counts.merge(one.counts, uniquingKeysWith: &+)
      polling &+= one.polling
    }
  }

  func since(_ last: AdminCensus, _ timestamp: Int) -> [ServerStats.AggregatedEvent] {
    counts.compactMap { kind, count in
      let new = count &- (last.counts[kind] ?? 0)
      guard new > 0 else { return nil }
      return .init(timestamp: timestamp, type: kind.type, subType: kind.subType, count: new)
    }
  }
}

/// Tells the pages of the server's numbers from time to time, as long as there are any. The loops count for themselves
/// and are asked then, so that a message costs nothing more.
///
/// On the first loop's thread, apart from ``begin()``.
final class AdminStats: TimerTarget, @unchecked Sendable {
  private static var shortestInterval: Duration { .milliseconds(100) }
  /// Namespaces that a page is told of.
  private static var namespaces: Int { 1_000 }

  private unowned let server: Server
  private let options: AdminUI
  private let birth = ContinuousClock.now
  private let host = ProcessInfo.processInfo.hostName
  private var isRunning = false
  private var last: AdminCensus?

  init(of server: Server, _ options: AdminUI) {
    self.server = server
    self.options = options
  }

  private var loop: Loop? { server.hubs.first?.loop }

  /// Somebody wants to know; from any thread.
  func begin() {
    loop?.submit { [self] in
      guard !isRunning else { return }
      isRunning = true
      last = nil
      collect()
    }
  }

  func deadlineReached(_ now: MonotonicTime) { collect() }

  private func collect() {
    let censuses = Gathering<AdminCensus> { [self] all in loop?.submit { [self] in tell(AdminCensus(all)) } }
    for hub in server.hubs { hub.loop.submit { censuses.add(AdminCensus(hub.value)) } }
  }

  private func tell(_ census: AdminCensus) {
    let stats = stats(census)
    last = census
    isRunning = server.admin.load()?.tell(stats) ?? false
    if isRunning, let loop {
      _ = loop.schedule(self, at: loop.now + max(Self.shortestInterval, options.statsInterval))
    }
  }

  private func stats(_ census: AdminCensus) -> ServerStats {
    let second = Int(Date().timeIntervalSince1970) * 1000
    let namespaces = server.namespaces.all.sorted { $0.name < $1.name }.prefix(Self.namespaces)
    return ServerStats(
      serverId: options.serverID ?? host, hostname: host, pid: ProcessInfo.processInfo.processIdentifier,
      uptime: (ContinuousClock.now - birth) / .seconds(1), clientsCount: server.clientsCount,
      pollingClientsCount: min(max(0, census.polling), server.clientsCount),
      aggregatedEvents: last.map { census.since($0, second) } ?? [],
      namespaces: namespaces.map { .init(name: $0.name, socketsCount: $0.sockets.count) })
  }
}
