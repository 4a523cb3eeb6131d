import Foundation
import Loopback
import NIOCore
import NIOConcurrencyHelpers
import Synchronization
import Testing

@testable import Bongsu

/// Middlewares, `allowRequest` and `generateId`: asked before a request is handled. One test at a time, as above.
@Suite(.serialized) struct EngineQuestionsTests {
  private struct Complaint: Error {}

  private let polling = EngineOptionsTests.polling
  private let webSocket = EngineOptionsTests.webSocket

  private func withServer(
    loops: Int = 1, _ configure: (inout EngineOptions) -> Void, _ test: (UInt16) throws -> Void
  ) async throws {
    var configuration = Configuration(loops: loops)
    configuration.shutdownTime = .milliseconds(500)
    configure(&configuration.engine)
    let io = Server(configuration)
    io.on("connection") { socket in
      socket.on("echo") { (all: Arguments) in socket.emit("echoed", all) }
    }
    let port = try io.start(port: 0)
    try test(port)
    io.close()
    await io.closed()
  }

  /// The answer to one request on a connection of its own.
  private func ask(_ port: UInt16, _ line: String, body: String? = nil) -> Visitor.Answer {
    guard let visitor = try? Visitor(port: port) else { return Visitor.Answer(status: 0, head: "", body: "") }
    return visitor.request(line, body: body)
  }

  // MARK: Middlewares

  @Test func middlewaresSeeEveryRequestInTheirOrder() async throws {
    let seen = NIOLockedValueBox<[String]>([])
    try await withServer {
      $0.use { request, headers in
        seen.withLockedValue { $0.append("one \(request.method)") }
        headers["x-one"] = request.path
        return nil
      }
      $0.use { _, headers in
        await Task.yield()
        seen.withLockedValue { $0.append("two") }
        headers["x-two"] = headers["X-One"].map { $0 + "!" }
        return nil
      }
    } _: { port in
      let visitor = try Visitor(port: port)
      let opening = visitor.request(polling)
      #expect(opening.status == 200 && opening.head.contains("\r\nx-one: /socket.io/\r\nx-two: /socket.io/!\r\n"))
      let target = "/socket.io/?EIO=4&transport=polling&sid=\(opening.sid)"
      let post = visitor.request("POST \(target)", body: "40")
      #expect(post.body == "ok" && post.head.contains("x-two: "))
      #expect(visitor.request("GET \(target)").body.hasPrefix("40{"))
      // Errors come behind middlewares.
      let error = visitor.request("GET /socket.io/?EIO=4")
      #expect(error.status == 400 && error.head.contains("x-one: "))
      #expect(visitor.upgrade(webSocket).head.contains("\r\nx-two: "))
      #expect(visitor.frame()?.string.hasPrefix("0{") == true)
    }
    #expect(
      seen.withLockedValue { $0 } == [
        "one GET", "two", "one POST", "two", "one GET", "two", "one GET", "two", "one GET", "two",
      ])
  }

  @Test func aMiddlewareMayRefuse() async throws {
    try await withServer {
      $0.use { request, headers in
        headers["x-seen"] = "1"
        if request.header("authorization") == nil {
          return Response(status: 401, headers: [("WWW-Authenticate", "Basic")], body: ByteBuffer(string: "who?"))
        }
        if request.query("bad") != nil { throw Complaint() }
        return nil
      }
      $0.use { _, _ in Response(status: 204) }
    } _: { port in
      let visitor = try Visitor(port: port)
      let answer = visitor.request(polling)
      #expect(answer.status == 401 && answer.body == "who?" && answer.head.contains("\r\nWWW-Authenticate: Basic\r\n"))
      #expect(answer.head.contains("\r\nx-seen: 1\r\n"))
      let refused = visitor.request("\(polling)&bad=1", headers: ["Authorization: x"])
      #expect(refused.status == 400 && refused.body == #"{"code":3,"message":"Bad request"}"#)
      #expect(visitor.request(polling, headers: ["Authorization: x"]).status == 204)
      #expect(visitor.upgrade(webSocket).status == 401)
    }
  }

  @Test func aWebSocketThatWaitedForTheAnswerIsRead() async throws {
    try await withServer {
      $0.allowRequest = { _ in
        await Task.yield()
        return .allowed
      }
      $0.use { _, _ in
        await Task.yield()
        return nil
      }
    } _: { port in
      let visitor = try Visitor(port: port)
      #expect(visitor.upgrade(webSocket).status == 101)
      #expect(visitor.frame()?.string.hasPrefix("0{") == true)
      visitor.send("40")
      #expect(visitor.frame()?.string.hasPrefix("40{") == true)
      let session = ask(port, polling).sid
      let probe = try Visitor(port: port)
      #expect(probe.upgrade("/socket.io/?EIO=4&transport=websocket&sid=\(session)").status == 101)
      probe.send("2probe")
      #expect(probe.frame()?.string == "3probe")
    }
  }

  @Test func requestsBehindOneThatIsAskedAboutWait() async throws {
    try await withServer {
      $0.use { request, _ in
        if request.query("slow") != nil { try await Task.sleep(for: .milliseconds(50)) }
        return nil
      }
    } _: { port in
      let visitor = try Visitor(port: port)
      let lines = ["\(polling)&slow=1", "GET /socket.io/?EIO=4", "GET /nothing"].map {
        "\($0) HTTP/1.1\r\nHost: a\r\n\r\n"
      }
      visitor.socket.send(lines.joined())
      #expect([visitor.answer(), visitor.answer(), visitor.answer()].map(\.status) == [200, 400, 404])
    }
  }

  // MARK: allowRequest

  @Test func aHandshakeMayBeDenied() async throws {
    let errors = NIOLockedValueBox<[String]>([])
    try await withServer {
      $0.allowRequest = { request in
        await Task.yield()
        switch request.query("who") {
        case "friend": return .allowed
        case "foe": return .denied("no \"foes\"")
        case "ghost": throw Complaint()
        default: return .denied()
        }
      }
      $0.onConnectionError = { error in
        errors.withLockedValue {
          $0.append("\(error.code.rawValue) \(error.message) \(error.context.sorted { $0.key < $1.key })")
        }
      }
    } _: { port in
      let visitor = try Visitor(port: port)
      let opening = visitor.request("\(polling)&who=friend")
      #expect(opening.status == 200)
      // A session's own requests are not asked about.
      #expect(visitor.request("POST /socket.io/?EIO=4&transport=polling&sid=\(opening.sid)", body: "40").body == "ok")
      let denied = visitor.request("\(polling)&who=foe")
      #expect(denied.status == 403 && denied.body == #"{"code":4,"message":"no \"foes\""}"#)
      for who in ["ghost", "x"] {
        let denied = visitor.request("\(polling)&who=\(who)")
        #expect(denied.status == 403 && denied.body == #"{"code":4,"message":"Forbidden"}"#)
      }
      // The version is looked at later.
      #expect(visitor.request("GET /socket.io/?EIO=3&transport=polling").status == 403)
      let upgrade = visitor.upgrade("\(webSocket)&who=foe")
      #expect(upgrade.status == 400 && upgrade.body == "no \"foes\"")
    }
    #expect(errors.withLockedValue { $0.count } == 5)
    #expect(errors.withLockedValue { $0[0] } == #"4 Forbidden [(key: "message", value: "no \"foes\"")]"#)
  }

  // MARK: generateId

  @Test func idsMayBeMadeUp() async throws {
    let next = Atomic<Int>(0)
    try await withServer(loops: 3) {
      $0.cookie = SessionCookie()
      $0.generateId = { request in
        await Task.yield()
        if request.query("id") == "error" { throw Complaint() }
        return request.query("id") ?? "사람 \(next.add(1, ordering: .relaxed).newValue)"
      }
    } _: { port in
      for number in 1...12 {
        // Every request by a connection of its own, on whatever loop.
        let opening = ask(port, polling)
        #expect(opening.body.hasPrefix(#"0{"sid":"사람 \#(number)","#))
        #expect(opening.head.contains("Set-Cookie: io=%EC%82%AC%EB%9E%8C%20\(number);"))
        let target = "/socket.io/?EIO=4&transport=polling&sid=%EC%82%AC%EB%9E%8C+\(number)"
        #expect(ask(port, "POST \(target)", body: #"40"#).body == "ok")
        #expect(ask(port, "GET \(target)").body.hasPrefix("40{"))
        #expect(ask(port, "POST \(target)", body: #"42["echo",\#(number)]"#).body == "ok")
        #expect(ask(port, "GET \(target)").body == #"42["echoed",\#(number)]"#)
        let upgrade = try Visitor(port: port)
        #expect(upgrade.upgrade("\(webSocket)&id=ws\(number)").status == 101)
        #expect(upgrade.frame()?.string.hasPrefix(#"0{"sid":"ws\#(number)","#) == true)
      }
      let visitor = try Visitor(port: port)
      let bad = #"{"code":3,"message":"Bad request"}"#
      // In use, nothing, too long, an error.
      for id in ["%EC%82%AC%EB%9E%8C+3", "", String(repeating: "a", count: 257), "error"] {
        #expect(ask(port, "\(polling)&id=\(id)").body == bad, "\(id)")
      }
      #expect(visitor.request("\(polling)&sid=AAAAAAAAAAAAAAAAAAAA").body.contains(#""code":1"#))
    }
  }

  @Test func anIdIsFreeAgainWhenItsSessionIsOver() async throws {
    try await withServer(loops: 2) {
      $0.generateId = { _ in "only" }
    } _: { port in
      for _ in 0..<3 {
        #expect(ask(port, polling).status == 200)
        #expect(ask(port, polling).status == 400)
        #expect(
          ask(port, "POST /socket.io/?EIO=4&transport=polling&sid=only", body: "1").body == "ok")
      }
    }
  }

  // MARK: connection_error

  @Test func refusalsAreHeardOf() async throws {
    let errors = NIOLockedValueBox<[String]>([])
    try await withServer {
      $0.onConnectionError = { error in
        let context = error.context.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        errors.withLockedValue { $0.append("\(error.code.rawValue) \(error.message): \(context)") }
      }
    } _: { port in
      let visitor = try Visitor(port: port)
      let known = visitor.request(polling).sid
      _ = visitor.request("GET /socket.io/?EIO=4&transport=tcp")
      _ = visitor.request(polling, headers: ["Origin: https://a.example"])
      _ = visitor.request("\(polling)&sid=unknown")
      _ = visitor.request("GET \(webSocket)&sid=\(known)")
      _ = visitor.request("POST /socket.io/?EIO=4&transport=polling", body: "")
      _ = visitor.request("GET \(webSocket)")
      _ = visitor.request("GET /socket.io/?EIO=7&transport=polling")
    }
    #expect(
      errors.withLockedValue { $0 } == [
        "0 Transport unknown: transport=tcp", "1 Session ID unknown: sid=unknown",
        "3 Bad request: name=TRANSPORT_MISMATCH previousTransport=polling transport=websocket",
        "2 Bad handshake method: method=POST", "3 Bad request: name=TRANSPORT_HANDSHAKE_ERROR",
        "5 Unsupported protocol version: protocol=7",
      ])
  }
}
