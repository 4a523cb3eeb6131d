import BongsuReactor
import Foundation
import Logging
import NIOConcurrencyHelpers
import Testing

@testable import Bongsu

/// Runs a server in this process for one test.
func serving(
  loops: Int = 1, _ change: (inout Configuration) -> Void, _ configure: (Server) -> Void,
  _ test: (Server, UInt16) async throws -> Void
) async throws {
  var configuration = Configuration(loops: loops)
  configuration.shutdownTime = .milliseconds(500)
  // Heartbeats and patience would come in the way of a test that takes long on a busy machine.
  configuration.engine.pingInterval = .seconds(600)
  configuration.webSocketPingInterval = .seconds(600)
  configuration.limits.connectTime = .seconds(600)
  configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  change(&configuration)
  let io = Server(configuration)
  configure(io)
  let port = try io.start(port: 0)
  let failure: (any Error)?
  do {
    try await test(io, port)
    failure = nil
  } catch { failure = error }
  io.close()
  await io.closed()
  if let failure { throw failure }
}

/// As above, with the configuration as it is.
func serving(
  loops: Int = 1, _ configure: (Server) -> Void, _ test: (Server, UInt16) async throws -> Void
) async throws {
  try await serving(loops: loops, { _ in }, configure, test)
}

extension Server {
  /// Engine.IO sessions on all loops.
  var sessionCount: Int {
    get async {
      await withCheckedContinuation { continuation in
        let counts = Gathering<Int> { continuation.resume(returning: $0.reduce(0, +)) }
        for hub in hubs { hub.loop.submit { counts.add(hub.value.sessions.count) } }
      }
    }
  }
}

extension Server {
  /// Waits until the server has noticed that a client is gone.
  func isGone(_ id: String) async throws {
    for _ in 0..<6_000 where sockets.sockets[id] != nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(sockets.sockets[id] == nil)
  }
}

/// What handlers on other threads have noted.
final class Notes: Sendable {
  private let lines = NIOLockedValueBox<[String]>([])

  func add(_ line: String) { lines.withLockedValue { $0.append(line) } }

  var all: [String] { lines.withLockedValue { $0 } }

  /// The lines so far, which are forgotten.
  func take() -> [String] {
    lines.withLockedValue { lines in
      defer { lines = [] }
      return lines
    }
  }

  /// The lines once there are so many, or after a while.
  func lines(_ count: Int) async throws -> [String] {
    for _ in 0..<6_000 where all.count < count { try await Task.sleep(for: .milliseconds(10)) }
    return all
  }
}

extension Visitor {
  /// A WebSocket client of Socket.IO that has not joined a namespace.
  static func connected(_ port: UInt16, _ query: String = "") throws -> Visitor {
    let visitor = try Visitor(port: port)
    #expect(visitor.upgrade("/socket.io/?EIO=4&transport=websocket" + query).status == 101)
    #expect(visitor.frame()?.string.hasPrefix(#"0{"sid":""#) == true)
    return visitor
  }

  /// One that has; returns the socket's id as well.
  static func joined(_ port: UInt16, _ namespace: String = "/", auth: String = "") throws -> (Visitor, id: String) {
    let visitor = try connected(port)
    return (visitor, try visitor.join(namespace, auth: auth))
  }

  func join(_ namespace: String = "/", auth: String = "") throws -> String {
    let name = namespace == "/" ? "" : namespace + ","
    send("40" + name + auth)
    let answer = try #require(frame()?.string)
    let head = "40" + name + #"{"sid":""#
    #expect(answer.hasPrefix(head) && answer.hasSuffix("\"}"), "\(answer)")
    return String(answer.dropFirst(head.count).dropLast(2))
  }

  /// Answers the next text, which has to be `question`, on a thread of its own.
  func answers(_ question: String, with answers: [String]) {
    Thread.detachNewThread {
      #expect(text == question)
      for answer in answers { send(answer) }
    }
  }

  /// The next text.
  var text: String? { frame()?.string }
}
