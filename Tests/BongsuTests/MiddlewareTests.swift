import BongsuTestKit
import Testing

@testable import Bongsu

@Suite(.serialized) struct MiddlewareTests {
  private struct Details: Encodable { let content: String }
  private struct Secret: Error {}

  @Test func aMiddlewareLetsPassOrRefusesInItsOwnWords() async throws {
    let errors = Notes()
    try await serving {
      $0.onError = { errors.add("\($0)") }
    } _: { io in
      io.use { socket in
        switch socket.handshake.query("want") {
        case "plain": throw ConnectError("not authorized")
        case "data": throw try ConnectError("not authorized", data: Details(content: "ü"))
        case "other": throw Secret()
        default: #expect(!socket.connected)
        }
      }
      io.on("connection") { socket in socket.emit("connected", socket.connected) }
    } _: { _, port in
      let expected = [
        "plain": #"44{"message":"not authorized"}"#,
        "data": #"44{"message":"not authorized","data":{"content":"ü"}}"#,
        "other": #"44{"message":"Connection refused"}"#,
      ]
      for (want, answer) in expected {
        let visitor = try Visitor.connected(port, "&want=\(want)")
        visitor.send("40")
        #expect(visitor.text == answer)
        // It may ask again: the connection is still there.
        visitor.send("40")
        #expect(visitor.text == answer)
      }
      #expect(errors.all == ["Secret()", "Secret()"])
      let (visitor, _) = try Visitor.joined(port)
      #expect(visitor.text == #"42["connected",true]"#)
    }
  }

  @Test func middlewaresRunOneAfterTheOther() async throws {
    let notes = Notes()
    try await serving { io in
      io.use { _ in notes.add("1") }
      io.use { _ async throws in
        try await Task.sleep(for: .milliseconds(10))
        notes.add("2")
      }
      io.use { _ in notes.add("3") }
      io.on("connection") { _ in notes.add("connection") }
      io.of("/other").use { _ in notes.add("other") }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      let lines = try await notes.lines(4)
      #expect(lines == ["1", "2", "3", "connection"])
      _ = try visitor.join("/other")
      #expect(notes.all.last == "other")
    }
  }

  @Test func roomsOfAMiddlewareCountFromTheConnectionOn() async throws {
    try await serving { io in
      io.use { socket in
        socket.join("early")
        #expect(socket.rooms == [socket.id, "early"])
        io.to("early").emit("too early")
        if socket.handshake.query("refuse") != nil { throw ConnectError("no") }
      }
    } _: { io, port in
      let refused = try Visitor.connected(port, "&refuse=1")
      refused.send("40")
      #expect(refused.text == #"44{"message":"no"}"#)
      let (visitor, id) = try Visitor.joined(port)
      io.to("early").emit("now")
      #expect(visitor.text == #"42["now"]"#)
      let ids = try await io.in("early").allSockets()
      #expect(ids == [id])
    }
  }

  @Test func aConnectionThatEndsMeanwhileNeverJoins() async throws {
    let notes = Notes()
    let (gate, opening) = AsyncStream.makeStream(of: Void.self)
    try await withTestServer { io in
      io.use { socket async throws in
        notes.add("middleware")
        for await _ in gate {}
        notes.add("passed")
        socket.join("room")
      }
      io.on("connection") { _ in notes.add("connection") }
    } test: { server in
      let (client, _) = try await server.open()
      client.send("40")
      await server.clock.settle()
      #expect(notes.all == ["middleware"])
      client.cut()
      await server.clock.settle()
      #expect(server.io.clientsCount == 0)
      opening.finish()
      await server.clock.settle()
      #expect(notes.all == ["middleware", "passed"])
      let sockets = try await server.io.fetchSockets()
      #expect(sockets.isEmpty && server.io.sockets.sockets.count == 0)
    }
  }

  @Test func whatAClientSendsBeforeItHasPassedEndsItsConnection() async throws {
    let (gate, opening) = AsyncStream.makeStream(of: Void.self)
    try await withTestServer { io in
      io.use { _ async throws in for await _ in gate {} }
    } test: { server in
      let (client, _) = try await server.open()
      client.send("40")
      client.send(#"42["early"]"#)
      let ending = try await client.ended()
      #expect(ending == .closed(code: 1005, reason: ""))
      opening.finish()
    }
  }
}
