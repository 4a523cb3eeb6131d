import Foundation
import Testing

@testable import Bongsu

/// Ways to say something that are not tested by who hears it.
@Suite(.serialized) struct EmittingTests {
  @Test func sendAndWriteAreTheEventMessage() async throws {
    try await serving { io in
      io.on("connect") { socket in
        socket.send("socket", 1)
        socket.write("socket")
      }
    } _: { io, port in
      let (visitor, _) = try Visitor.joined(port)
      #expect(visitor.text == #"42["message","socket",1]"# && visitor.text == #"42["message","socket"]"#)
      io.send("server", [2])
      io.write("server")
      #expect(visitor.text == #"42["message","server",[2]]"# && visitor.text == #"42["message","server"]"#)
      io.sockets.send("namespace")
      io.sockets.write(3)
      #expect(visitor.text == #"42["message","namespace"]"# && visitor.text == #"42["message",3]"#)
    }
  }

  @Test func anOperatorIsAValue() async throws {
    try await serving { io in
      io.on("connection") { socket in socket.on("join") { (room: String) in socket.join(room) } }
    } _: { io, port in
      let (one, _) = try Visitor.joined(port)
      let (other, otherID) = try Visitor.joined(port)
      one.send(#"42["join","a"]"#)
      other.send(#"42["join","b"]"#)
      let a = io.to("a")
      let both = a.to("b")
      let less = both.except(otherID)
      while try await io.in("a", "b").allSockets().count < 2 {}
      a.emit("a")
      both.emit("both")
      less.emit("less")
      io.emit("end")
      #expect((0..<4).map { _ in one.text } == [#"42["a"]"#, #"42["both"]"#, #"42["less"]"#, #"42["end"]"#])
      #expect((0..<2).map { _ in other.text } == [#"42["both"]"#, #"42["end"]"#])
    }
  }

  /// RSV1 is set in a compressed message's first frame (RFC 7692 §6).
  @Test func aHandlerMayHearOfOneConnectionOrOfNone() async throws {
    let notes = Notes()
    try await serving(loops: 2) { io in
      io.once("connection") { _ in notes.add("once") }
      let never = io.on("connection") { _ in notes.add("never") }
      io.off("connection", never)
      io.sockets.once("connect") { _ in notes.add("once of /") }
      io.on("connection") { _ in notes.add("always") }
    } _: { _, port in
      let visitors = try (0..<4).map { _ in try Visitor.joined(port) }
      let lines = try await notes.lines(6)
      #expect(lines.sorted() == ["always", "always", "always", "always", "once", "once of /"])
      #expect(visitors.count == 4)
    }
  }

  @Test func whatIsNotToBeCompressedIsNot() async throws {
    let text = String(repeating: "x", count: 200)
    try await serving {
      $0.compression = .shared(threshold: 0)
    } _: { io in
      io.on("connection") { socket in
        socket.emit("a", text)
        socket.compress(false).emit("b", text)
        socket.compress(true).emit("c", text)
        io.compress(false).emit("d", text)
        io.emit("e", text)
      }
    } _: { _, port in
      let visitor = try Visitor(port: port)
      let answer = visitor.request(
        "GET /socket.io/?EIO=4&transport=websocket",
        headers: [
          "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Extensions: permessage-deflate",
        ])
      #expect(answer.status == 101 && answer.head.lowercased().contains("sec-websocket-extensions"))
      visitor.send("40")
      let frames = (0..<7).compactMap { _ in visitor.frame()?.first }
      #expect(frames.suffix(5) == [0xC1, 0x81, 0xC1, 0x81, 0xC1])
    }
  }

  @Test func handlersHearWhyASocketWent() async throws {
    let reasons = Notes()
    try await serving {
      $0.engine.pingInterval = .milliseconds(20)
      $0.engine.pingTimeout = .milliseconds(20)
    } _: { io in
      io.on("connection") { socket in
        for event in ["disconnecting", "disconnect"] {
          socket.on(event) { (reason: String, explanation: String) in
            reasons.add("\(event): \(reason)")
            #expect(!explanation.isEmpty)
          }
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      #expect(visitor.text == "2" && visitor.frame() == .emptyClose)
      let lines = try await reasons.lines(2)
      #expect(lines == ["disconnecting: ping timeout", "disconnect: ping timeout"])
    }
  }

  @Test func handlersHearThatTheServerShutsDown() async throws {
    let reasons = Notes()
    try await serving { io in
      io.on("connection") { socket in socket.on("disconnect") { (reason: String) in reasons.add(reason) } }
    } _: { io, port in
      let (visitor, _) = try Visitor.joined(port)
      io.close()
      // No 41: the reference closes the connection only.
      #expect(visitor.frame() == .emptyClose)
      let lines = try await reasons.lines(1)
      #expect(lines == ["server shutting down"])
    }
  }
}
