import Foundation
import Loopback
import NIOCore
import NIOConcurrencyHelpers
import Testing

@testable import Bongsu

/// What the options of an Engine.IO endpoint do on the wire. Real sockets block their threads: one test at a time.
@Suite(.serialized) struct EngineOptionsTests {
  static let polling = "GET /socket.io/?EIO=4&transport=polling"
  static let webSocket = "/socket.io/?EIO=4&transport=websocket"

  private func withServer(
    loops: Int = 1, _ configure: (inout EngineOptions) -> Void, _ test: (UInt16, Server) throws -> Void
  ) async throws {
    var configuration = Configuration(loops: loops)
    configuration.shutdownTime = .milliseconds(500)
    configure(&configuration.engine)
    let io = Server(configuration)
    io.on("connection") { socket in
      socket.on("echo") { (all: Arguments) in socket.emit("echoed", all) }
    }
    let port = try io.start(port: 0)
    try test(port, io)
    io.close()
    await io.closed()
  }

  @Test(arguments: [
    ("/socket.io", true, "/socket.io/", "/socket.io"), ("/socket.io/", true, "/socket.io/", "/socket.io"),
    ("/my/path", true, "/my/path/", "/my/path"), ("/socket.io", false, "/socket.io", "/socketio"),
    ("/socket.io/", false, "/socket.io", "/socket"),
  ])
  func thePathMayHaveItsSlash(path: String, slash: Bool, found: String, missing: String) async throws {
    try await withServer {
      $0.path = path
      $0.addTrailingSlash = slash
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      #expect(visitor.request("GET \(found)?EIO=4&transport=polling").status == 200)
      #expect(visitor.request("GET \(missing)?EIO=4&transport=polling").status == 404)
    }
  }

  @Test func aTransportMayBeMissing() async throws {
    try await withServer {
      $0.transports = [.polling]
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      #expect(visitor.request(Self.polling).body.contains(#""upgrades":[]"#))
      #expect(visitor.upgrade(Self.webSocket).body == "Transport unknown")
    }
    try await withServer {
      $0.allowUpgrades = false
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      #expect(visitor.request(Self.polling).body.contains(#""upgrades":[]"#))
    }
  }

  @Test func theCookieComesWithTheHandshakeAlone() async throws {
    try await withServer {
      $0.cookie = SessionCookie()
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      let opening = visitor.request(Self.polling)
      let sid = opening.sid
      #expect(opening.head.contains("\r\nSet-Cookie: io=\(sid); Path=/; HttpOnly; SameSite=Lax\r\n"))
      let post = visitor.request("POST /socket.io/?EIO=4&transport=polling&sid=\(sid)", body: "40")
      #expect(post.body == "ok" && !post.head.contains("Set-Cookie"))
      let poll = visitor.request("\(Self.polling)&sid=\(sid)")
      #expect(poll.body.hasPrefix("40{") && !poll.head.contains("Set-Cookie"))
      let upgrade = visitor.upgrade(Self.webSocket)
      let opened = try #require(visitor.frame()).string
      #expect(upgrade.status == 101 && opened.hasPrefix("0{"))
      let name = opened.dropFirst(#"0{"sid":""#.count).prefix(20)
      #expect(upgrade.head.contains("\r\nSet-Cookie: io=\(name); Path=/; HttpOnly; SameSite=Lax\r\n"))
    }
  }

  @Test func functionsSeeAndChangeHeaders() async throws {
    let seen = NIOLockedValueBox<[String]>([])
    let note: @Sendable (String, Request) -> Void = { what, request in
      seen.withLockedValue { $0.append("\(what) \(request.method) \(request.query("sid") == nil ? "new" : "old")") }
    }
    try await withServer { options in
      options.onInitialHeaders = { headers, request in
        note("initial", request)
        headers["x-initial"] = request.address
      }
      options.onHeaders = { headers, request in
        note("every", request)
        headers["Cache-Control"] = nil
        headers.append("x-every", "2")
      }
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      let opening = visitor.request(Self.polling)
      #expect(opening.head.contains("\r\nx-initial: 127.0.0.1\r\nx-every: 2\r\n"))
      #expect(!opening.head.lowercased().contains("cache-control"))
      let target = "/socket.io/?EIO=4&transport=polling&sid=\(opening.sid)"
      for answer in [visitor.request("POST \(target)", body: "40"), visitor.request("GET \(target)")] {
        #expect(answer.status == 200 && answer.head.contains("x-every: 2") && !answer.head.contains("x-initial"))
      }
      // Refusals are no answers of a session.
      #expect(!visitor.request("GET /socket.io/?EIO=4").head.contains("x-every"))
      let upgrade = visitor.upgrade(Self.webSocket)
      #expect(upgrade.head.contains("\r\nx-initial: 127.0.0.1\r\nx-every: 2\r\n"))
    }
    #expect(
      seen.withLockedValue { $0 } == [
        "initial GET new", "every GET new", "every POST old", "every GET old", "initial GET new", "every GET new",
      ])
  }

  @Test func theInitialPacketStandsBehindTheHandshake() async throws {
    try await withServer {
      $0.initialPacket = "hello"
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      #expect(visitor.request(Self.polling).body.hasSuffix("}\u{1E}4hello"))
      _ = visitor.upgrade(Self.webSocket)
      #expect(visitor.frame()?.string.hasPrefix("0{") == true && visitor.frame() == .text("4hello"))
    }
    try await withServer {
      $0.initialPacket = .binary([1, 2])
      $0.allowEIO3 = true
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      #expect(visitor.request(Self.polling).body.hasSuffix("}\u{1E}bAQI="))
      let old = visitor.request("GET /socket.io/?EIO=3&transport=polling&b64=1")
      #expect(old.body.hasSuffix("}6:b4AQI="))
    }
  }

  @Test func answersToPollsAreCompressedFromAThousandBytesOn() async throws {
    try await withServer { _ in
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      let target = "/socket.io/?EIO=4&transport=polling&sid=\(visitor.request(Self.polling).sid)"
      func ask(_ count: Int, _ accepted: [String]) -> Visitor.Answer {
        let text = String(repeating: "a", count: count - #"42["echoed",""]"#.utf8.count)
        _ = visitor.request("POST \(target)", body: #"42["echo","\#(text)"]"#)
        return visitor.request("GET \(target)", headers: accepted)
      }
      _ = visitor.request("POST \(target)", body: "40")
      _ = visitor.request("GET \(target)")
      let gzip = ["Accept-Encoding: gzip, deflate, br"]
      #expect(!ask(1023, gzip).head.contains("Content-Encoding"))
      #expect(ask(1024, gzip).head.contains("\r\nContent-Encoding: gzip\r\n"))
      #expect(ask(5000, ["Accept-Encoding: deflate"]).head.contains("\r\nContent-Encoding: deflate\r\n"))
      #expect(ask(5000, ["Accept-Encoding: gzip;q=0"]).body.utf8.count == 5000)
      #expect(ask(5000, []).body.utf8.count == 5000)
      // What is very large would keep everybody else waiting.
      #expect(ask(256 << 10, gzip).head.contains("\r\nContent-Encoding: gzip\r\n"))
      #expect(ask((256 << 10) + 1, gzip).body.utf8.count == (256 << 10) + 1)
    }
  }

  @Test func clientsAreCounted() async throws {
    try await withServer(loops: 2) { _ in
    } _: { port, io in
      #expect(io.clientsCount == 0)
      let visitor = try Visitor(port: port)
      let target = "/socket.io/?EIO=4&transport=polling&sid=\(visitor.request(Self.polling).sid)"
      _ = try Visitor(port: port).request(Self.polling)
      #expect(io.clientsCount == 2)
      #expect(visitor.request("POST \(target)", body: "1").body == "ok")
      #expect(visitor.request("GET \(target)").status == 400 && io.clientsCount == 1)
    }
  }

  @Test func whoAsksForAnUnknownProtocolIsSentAway() async throws {
    try await withServer { _ in
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      let answer = visitor.upgrade("/nowhere")
      #expect(answer.status == 404 && answer.head.contains("\r\nConnection: close\r\n"))
    }
    try await withServer {
      $0.destroyUpgrade = false
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      #expect(visitor.upgrade("/nowhere").status == 404 && visitor.request(Self.polling).status == 200)
    }
  }

  @Test func corsMayDependOnTheRequest() async throws {
    try await withServer {
      $0.corsForRequest = { $0.header("x-tenant") == "a" ? .origin("https://a.example") : .none }
    } _: { port, _ in
      let visitor = try Visitor(port: port)
      #expect(
        visitor.request(Self.polling, headers: ["x-tenant: a"]).head
          .contains("Access-Control-Allow-Origin: https://a.example"))
      #expect(!visitor.request(Self.polling).head.contains("Access-Control"))
      // Errors can be read, too, and a preflight is no handshake.
      let error = visitor.request("GET /socket.io/?EIO=4", headers: ["x-tenant: a"])
      #expect(error.status == 400 && error.head.contains("Access-Control-Allow-Origin: https://a.example"))
      #expect(visitor.request("OPTIONS /socket.io/?EIO=4&transport=polling", headers: ["x-tenant: a"]).status == 204)
      #expect(visitor.request("OPTIONS /socket.io/?EIO=4&transport=polling").status == 400)
      let upgrade = try Visitor(port: port)
      #expect(!upgrade.upgrade(Self.webSocket).head.contains("Access-Control"))
    }
  }
}
