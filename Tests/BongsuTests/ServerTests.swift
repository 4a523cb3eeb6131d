import BongsuReactor
import Foundation
import Loopback
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Bongsu

/// Real sockets block their threads: one test at a time.
@Suite(.serialized) struct ServerTests {
  /// A server that echoes, acknowledges and relays, for one test.
  private func withServer(
    loops: Int = 1, _ configure: (Server) -> Void = { _ in }, _ test: (UInt16) throws -> Void
  ) async throws {
    var configuration = Configuration(loops: loops)
    configuration.shutdownTime = .milliseconds(500)
    configuration.engine.pingInterval = .seconds(600)
    let io = Server(configuration)
    io.on("connection") { socket in
      socket.on("echo") { (all: Arguments) in socket.emit("echoed", all) }
      socket.on("ask") { (number: Int, ack: Ack) in ack(number + 1, Data([9])) }
      socket.on("bye") { (_: Bool?) in socket.disconnect(true) }
    }
    configure(io)
    let port = try io.start(port: 0)
    try test(port)
    io.close()
    await io.closed()
  }

  /// A handler that is a task answers at the end of a turn, or later; nothing else happens on this server.
  @Test func whatATaskSaysReachesAPollThatWaits() async throws {
    try await withServer { io in
      io.on("connection") { socket in
        socket.on("later") { (ack: Ack) async in ack("answer") }
      }
    } _: { port in
      let (poller, poster) = (try Visitor(port: port), try Visitor(port: port))
      let sid = poster.request("GET /socket.io/?EIO=4&transport=polling").sid
      let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
      #expect(poster.request("POST \(target)", body: "40").body == "ok")
      #expect(poster.request("GET \(target)").body.hasPrefix("40"))
      poller.socket.send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n")
      while poster.request("GET /socket.io/?EIO=4").status != 400 {}
      #expect(poster.request("POST \(target)", body: #"420["later"]"#).body == "ok")
      #expect(poller.answer().body == #"430["answer"]"#)
    }
  }

  /// 16 384 packets to 8 members are more than one turn takes.
  @Test func aPostThatIsALotOfWorkIsDoneInPartsAndInOrder() async throws {
    let (count, members) = (16_384, 8)
    try await withServer { io in
      io.on("connection") { socket in
        socket.join("room")
        socket.on("say") { (number: Int) in io.to("room").emit("said", number) }
      }
    } _: { port in
      let visitors = try (0..<members).map { _ in try join(port) }
      let poster = try Visitor(port: port)
      let sid = poster.request("GET /socket.io/?EIO=4&transport=polling").sid
      let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
      #expect(poster.request("POST \(target)", body: "40").body == "ok")
      let body = (0..<count).map { #"42["say",\#($0)]"# }.joined(separator: "\u{1E}")
      poster.socket.send("POST \(target) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      for visitor in visitors {
        let heard = (0..<count).map { _ in visitor.frame()?.string }
        #expect(heard == (0..<count).map { #"42["said",\#($0)]"# })
      }
      #expect(poster.answer().body == "ok")
      #expect(poster.request("POST \(target)", body: #"42["say",-1]"#).body == "ok")
      #expect(visitors[0].frame()?.string == #"42["said",-1]"#)
    }
  }

  @Test func aServerThatHasEndedIsLetGo() async throws {
    weak var server: Server?
    weak var loop: Loop?
    try await withServer(loops: 2) {
      server = $0
    } _: { port in
      loop = server?.hubs[0].loop
      _ = try join(port)
    }
    for _ in 0..<6_000 where server != nil || loop != nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(server == nil && loop == nil)
  }

  /// Between two polls a session has no connection whose end would be its own.
  @Test func aServerThatIsStoppedLetsGoOfPollingClients() async throws {
    weak var loop: Loop?
    let (notes, kept) = (Notes(), NIOLockedValueBox<Socket?>(nil))
    try await stopping { io in
      io.on("connection") { socket in
        socket.on("disconnect") { (reason: String) in notes.add(reason) }
        kept.withLockedValue { $0 = socket }
      }
    } _: { io, port in
      loop = io.hubs[0].loop
      let polling = "/socket.io/?EIO=4&transport=polling"
      let visitor = try Visitor(port: port)
      let sid = visitor.request("GET \(polling)").sid
      #expect(visitor.request("POST \(polling)&sid=\(sid)", body: "40").body == "ok")
      #expect(visitor.request("GET \(polling)&sid=\(sid)").body.hasPrefix("40"))
    }
    #expect(notes.all == ["server shutting down"])
    // Who keeps a socket keeps its loop, and may ask it for what there is no server for any more.
    kept.withLockedValue { $0?.emit("late") }
    kept.withLockedValue { $0?.data["late"] = true }
    kept.withLockedValue { $0 = nil }
    for _ in 0..<6_000 where loop != nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(loop == nil)
  }

  private func stopping(_ configure: (Server) -> Void, _ test: (Server, UInt16) throws -> Void) async throws {
    let io = Server(Configuration(loops: 1))
    configure(io)
    let port = try io.start(port: 0)
    try test(io, port)
    io.stop()
    await io.closed()
  }

  private struct Refused: Error {}

  /// Blocks, and so must not be asked for by a task itself.
  private func tryRunning(_ io: Server, _ port: UInt16) throws {
    try io.runBlocking(port: port) { _ in throw Refused() }
  }

  @Test func aStartThatFailsLeavesNothingBehind() async throws {
    let io = Server(Configuration(loops: 2))
    let port = try Listener.probe(host: "127.0.0.1", port: 0)
    #expect(throws: Refused.self) { try tryRunning(io, port) }
    #expect(!io.isReady)
    #expect(throws: LoopbackError.self) { _ = try LoopbackSocket(port: port) }
    #expect(try io.start(port: port) == port)
    #expect(io.isReady)
    #expect(try Visitor(port: port).request("GET /nothing").status == 404)
    io.close()
    await io.closed()
  }

  /// A WebSocket client that has joined `/`.
  private func join(_ port: UInt16) throws -> Visitor {
    let visitor = try Visitor(port: port)
    let answer = visitor.upgrade("/socket.io/?EIO=4&transport=websocket")
    #expect(answer.status == 101 && answer.head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
    #expect(visitor.frame()?.string.hasPrefix(#"0{"sid":""#) == true)
    visitor.send("40")
    let joined = try #require(visitor.frame()?.string)
    #expect(joined.hasPrefix(#"40{"sid":""#) && joined.hasSuffix(#""}"#) && joined.utf8.count == 32)
    return visitor
  }

  @Test func aWebSocketClientIsServed() async throws {
    try await withServer { port in
      let visitor = try join(port)
      visitor.send(#"42["echo",1,{"a":"ü"}]"#)
      #expect(visitor.frame() == .text(#"42["echoed",1,{"a":"ü"}]"#))
      visitor.send(#"427["ask",41]"#)
      #expect(visitor.frame() == .text(#"461-7[42,{"_placeholder":true,"num":0}]"#))
      #expect(visitor.frame() == .binary([9]))
      visitor.send(#"451-["echo",{"_placeholder":true,"num":0}]"#)
      visitor.send([1, 2])
      #expect(visitor.frame() == .text(#"451-["echoed",{"_placeholder":true,"num":0}]"#))
      #expect(visitor.frame() == .binary([1, 2]))
      visitor.send(#"42["bye"]"#)
      #expect(visitor.frame() == .text("41") && visitor.frame() == .emptyClose)
      #expect(visitor.socket.receiveToEnd() == ([], .end))
    }
  }

  @Test func aPollingClientIsServed() async throws {
    try await withServer(loops: 3) { port in
      let visitor = try Visitor(port: port)
      let opening = visitor.request("GET /socket.io/?EIO=4&transport=polling")
      #expect(opening.status == 200 && opening.body.hasSuffix(#","maxPayload":1000000}"#))
      let sid = opening.body.dropFirst(#"0{"sid":""#.count).prefix(20)
      // Another connection, accepted by whatever loop.
      let other = try Visitor(port: port)
      let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
      #expect(other.request("POST \(target)", body: "40").body == "ok")
      #expect(visitor.request("GET \(target)").body.hasPrefix(#"40{"sid":""#))
      #expect(other.request("POST \(target)", body: "42[\"echo\",\"a\"]\u{1E}4212[\"ask\",1]").body == "ok")
      #expect(
        visitor.request("GET \(target)").body
          == "42[\"echoed\",\"a\"]\u{1E}461-12[2,{\"_placeholder\":true,\"num\":0}]\u{1E}bCQ==")
      #expect(other.request("POST \(target)", body: "1").body == "ok")
      #expect(visitor.request("GET \(target)").body == #"{"code":1,"message":"Session ID unknown"}"#)
    }
  }

  @Test func pagesAndPlainWebSocketsAreServedBeside() async throws {
    try await withServer { io in
      io.page("/page") { _ in .text("hello") }
      io.webSocket("/plain") { peer, message, kind in peer.send(message, kind) }
    } _: { port in
      let visitor = try Visitor(port: port)
      #expect(visitor.request("GET /page").body == "hello")
      #expect(visitor.request("GET /nowhere").status == 404)
      #expect(visitor.request("GET /plain").status == 426)
      #expect(visitor.upgrade("/plain").status == 101)
      visitor.send("text")
      visitor.send([0])
      #expect(visitor.frame() == .text("text") && visitor.frame() == .binary([0]))
      visitor.send(0x88, [0x03, 0xE8])
      #expect(visitor.frame() == Visitor.Frame(first: 0x88, payload: [0x03, 0xE8]))
    }
  }

  @Test func everyoneInARoomHearsWhoeverPublishes() async throws {
    try await withServer(loops: 2) { io in
      io.on("connection") { socket in
        socket.on("join") { (room: String, ack: Ack) in
          socket.join(room)
          ack()
        }
        socket.on("tell") { (room: String, text: String) in io.to(room).emit("told", text) }
      }
    } _: { port in
      let visitors = try (0..<6).map { _ in try join(port) }
      for visitor in visitors {
        visitor.send(#"420["join","news"]"#)
        #expect(visitor.frame() == .text("430[]"))
      }
      visitors[0].send(#"42["tell","news","one"]"#)
      for visitor in visitors { #expect(visitor.frame() == .text(#"42["told","one"]"#)) }
    }
  }

  @Test func closingSaysGoodbyeToEveryoneAndFreesThePort() async throws {
    let io = Server(Configuration(loops: 2))
    let port = try io.start(port: 0)
    let (visitor, poller) = (try join(port), try Visitor(port: port))
    let sid = poller.request("GET /socket.io/?EIO=4&transport=polling").body.dropFirst(9).prefix(20)
    poller.socket.send("GET /socket.io/?EIO=4&transport=polling&sid=\(sid) HTTP/1.1\r\nHost: localhost\r\n\r\n")
    try await Task.sleep(for: .milliseconds(50))
    io.close()
    #expect(visitor.frame() == .emptyClose && visitor.socket.receiveToEnd() == ([], .end))
    #expect(poller.answer().body == "1")
    await io.closed()
    #expect(throws: LoopbackError.self) { try Visitor(port: port) }
  }

  @Test func aBusyPortIsRefused() async throws {
    try await withServer { port in
      #expect(throws: (any Error).self) { try Server().start(port: port) }
    }
  }
}
