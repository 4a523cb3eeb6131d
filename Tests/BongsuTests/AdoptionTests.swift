import Foundation
import Loopback
import NIOCore
import Testing

@testable import Bongsu

/// Connections that somebody else's server has accepted. Real sockets block their threads: one test at a time.
@Suite(.serialized) struct AdoptionTests {
  private static let polling = "/socket.io/?EIO=4&transport=polling"
  private static let webSocket = "/socket.io/?EIO=4&transport=websocket"

  /// A server without a port behind somebody else's, which keeps `/mine` for itself.
  private func behindAnother(
    loops: Int = 1, _ change: (inout Configuration) -> Void = { _ in }, _ test: (UInt16, Server) async throws -> Void
  ) async throws {
    var configuration = Configuration(loops: loops)
    configuration.shutdownTime = .milliseconds(500)
    change(&configuration)
    let io = Server(configuration)
    io.on("connection") { socket in
      socket.on("echo") { (all: Arguments) in io.emit("echoed", all) }
    }
    try io.startWithoutPort()
    let other = try LoopbackListener()
    Thread.detachNewThread {
      while let connection = other.accept() { Self.serve(connection, io) }
    }
    let failure: (any Error)?
    do {
      try await test(other.port, io)
      failure = nil
    } catch { failure = error }
    other.stop()
    io.close()
    await io.closed()
    if let failure { throw failure }
  }

  private static func serve(_ connection: Int32, _ io: Server) {
    var head: [UInt8] = []
    while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
      let piece = Descriptors.read(connection)
      guard !piece.isEmpty else { return Descriptors.finish(connection, "") }
      head += piece
    }
    if head.starts(with: Array("GET /mine".utf8)) {
      return Descriptors.finish(connection, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmine")
    }
    try? io.adopt(connection, received: ByteBuffer(bytes: head))
  }

  @Test(arguments: [1, 3])
  func socketIOIsServedOnSomebodyElsesPort(loops: Int) async throws {
    try await behindAnother(loops: loops) { port, io in
      #expect(try Visitor(port: port).request("GET /mine").body == "mine")
      let visitor = try Visitor(port: port)
      #expect(visitor.upgrade(Self.webSocket).status == 101)
      #expect(visitor.text?.hasPrefix("0{") == true)
      visitor.send("40")
      #expect(visitor.text?.hasPrefix("40{") == true)
      // By polling, each request on a connection of its own: most begin on the loop of another session.
      let opening = try Visitor(port: port).request("GET \(Self.polling)")
      let sid = opening.sid
      for body in ["40", #"42["echo","over polling"]"#] {
        #expect(try Visitor(port: port).request("POST \(Self.polling)&sid=\(sid)", body: body).body == "ok")
      }
      let poll = try Visitor(port: port).request("GET \(Self.polling)&sid=\(sid)")
      #expect(poll.body.hasPrefix("40{") && poll.body.hasSuffix(#"42["echoed","over polling"]"#))
      #expect(visitor.text == #"42["echoed","over polling"]"#)
      #expect(try Visitor(port: port).request("GET /elsewhere").status == 404)
      #expect(io.clientsCount == 2 && io.isReady)
    }
  }

  /// What the other server has read may be more than a head: here, a request with its body, and another one.
  @Test func allThatWasReadIsHandedOn() async throws {
    try await behindAnother { port, _ in
      let visitor = try Visitor(port: port)
      visitor.socket.send("GET \(Self.polling) HTTP/1.1\r\nHost: a\r\n\r\nGET /elsewhere HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(visitor.answer().status == 200 && visitor.answer().status == 404)
    }
  }

  @Test func limitsCountThoseConnectionsToo() async throws {
    try await behindAnother {
      $0.limits.connectionsPerAddress = 1
    } _: { port, _ in
      do {
        let first = try Visitor(port: port)
        #expect(first.request("GET \(Self.polling)").status == 200)
        let second = try Visitor(port: port)
        #expect(second.request("GET \(Self.polling)").status == 0)
        #expect(first.request("GET \(Self.polling)").status == 200)
      }
      // The first has gone and made room.
      var status = 0
      for _ in 0..<100 where status != 200 {
        status = try Visitor(port: port).request("GET \(Self.polling)").status
        if status != 200 { try await Task.sleep(for: .milliseconds(10)) }
      }
      #expect(status == 200)
    }
  }

  @Test func whatIsNoConnectionIsAnErrorAndClosed() async throws {
    try await behindAnother { _, io in
      let (listener, datagrams) = (Descriptors.unconnected(listening: true), Descriptors.unconnected(listening: false))
      for descriptor in [Descriptors.pipe(), listener, datagrams] {
        let identity = try #require(Descriptors.identity(descriptor))
        #expect(throws: ServerError.self) { try io.adopt(descriptor) }
        #expect(Descriptors.identity(descriptor) != identity)
      }
      for descriptor: CInt in [-1, 1 << 20, .min] {
        #expect(throws: ServerError.unusableDescriptor(Self.badDescriptor)) { try io.adopt(descriptor) }
      }
    }
  }

  private static let badDescriptor = "the descriptor is no connected stream socket: bad file descriptor"

  @Test func whoIsNotServingTakesNobody() async throws {
    let other = try LoopbackListener()
    let io = Server(Configuration(loops: 1))
    func refuses() throws {
      let client = try LoopbackSocket(port: other.port)
      let descriptor = try #require(other.accept())
      #expect(throws: ServerError.notServing) { try io.adopt(descriptor) }
      #expect(client.receiveToEnd().ending == .end)
    }
    try refuses()
    try io.startWithoutPort()
    io.close()
    try refuses()
    await io.closed()
    try refuses()
  }

  /// With a port of its own as well, both are the same server.
  @Test func aServerMayHaveBoth() async throws {
    let other = try LoopbackListener()
    try await serving { io in
      io.page("/page") { _ in .text("page") }
    } _: { io, port in
      let visitor = try Visitor(port: other.port)
      try io.adopt(try #require(other.accept()))
      #expect(visitor.request("GET /page").body == "page", "nothing was read yet")
      #expect(try Visitor(port: port).request("GET /page").body == "page")
    }
  }
}
