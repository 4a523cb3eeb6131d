import Foundation
import NIOConcurrencyHelpers
import Synchronization
import Testing

@testable import Bongsu

/// Clients that lose their connections again and again while threads and loops publish: what a client is sent again
/// when it comes back and what it is sent from then on fit together.
@Suite struct RecoveryStressTests {
  private static let clients = 8
  private static let publishers = 3
  private static let messages = 300

  @Test func everyClientHearsTheSameOnceAndInTheSameOrder() async throws {
    let lists = NIOLockedValueBox<[[String]]>([])
    let ready = Notes()
    try await serving(loops: 4) {
      $0.connectionStateRecovery = ConnectionStateRecovery()
    } _: { io in
      let count = Atomic<Int>(0)
      io.on("connection") { socket in
        // By the loops themselves, which deliver to their own clients at once.
        socket.on("say") { () in io.emit("loops", count.add(1, ordering: .relaxed).oldValue) }
      }
    } _: { io, port in
      for number in 0..<Self.clients {
        Thread.detachNewThread {
          let list: [String]
          do { list = try Self.listen(port, seed: UInt64(number), ready) } catch { list = ["\(error)"] }
          lists.withLockedValue { $0.append(list) }
        }
      }
      for publisher in 0..<Self.publishers {
        Thread.detachNewThread {
          // Other tests may keep all threads busy that tasks run on.
          while ready.all.count < Self.clients { usleep(1_000) }
          for number in 0..<Self.messages {
            io.emit("\(publisher)", number)
            if number % 16 == 0 { usleep(2_000) }
          }
        }
      }
      for _ in 0..<6_000 where lists.withLockedValue({ $0.count }) < Self.clients {
        try await Task.sleep(for: .milliseconds(10))
      }
      Self.check(lists.withLockedValue { $0 })
    }
  }

  private static func check(_ lists: [[String]]) {
    #expect(lists.count == clients)
    let longest = lists.max { $0.count < $1.count } ?? []
    for list in lists {
      #expect(longest.starts(with: list))
      for publisher in 0..<publishers {
        let heard = list.filter { $0.hasPrefix("42[\"\(publisher)\",") }
        let isComplete = heard == (0..<messages).map { "42[\"\(publisher)\",\($0)]" }
        #expect(isComplete, "\(heard.count) of \(publisher)'s, \(list.count) in all, at last \(list.suffix(3))")
      }
      let loops = list.filter { $0.hasPrefix("42[\"loops\",") }
      #expect(Set(loops).count == loops.count)
    }
    #expect(longest.contains { $0.hasPrefix("42[\"loops\",") })
  }

  /// What one client hears until every publisher has said its last.
  private static func listen(_ port: UInt16, seed: UInt64, _ ready: Notes) throws -> [String] {
    var random = Seeded(seed)
    var heard: [String] = []
    var missing = Set((0..<publishers).map { "42[\"\($0)\",\(messages - 1)]" })
    let client = try Returner(port)
    ready.add("\(seed)")
    while !missing.isEmpty {
      for _ in 0..<Int.random(in: 1...60, using: &random) where !missing.isEmpty {
        guard let next = client.next else { return heard + ["nothing came"] }
        heard.append(next)
        missing.remove(next)
        if Int.random(in: 0..<16, using: &random) == 0 { client.send(#"42["say"]"#) }
      }
      if missing.isEmpty { break }
      // Half of the time the server does not know yet that the connection is lost.
      let old = Bool.random(using: &random) ? client.leaveOpen() : nil
      guard try client.comeBack() else { return heard + ["not recovered"] }
      withExtendedLifetime(old) {}
      heard += client.missed
      missing.subtract(client.missed)
    }
    return heard
  }
}
