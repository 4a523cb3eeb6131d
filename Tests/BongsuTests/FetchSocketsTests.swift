import BongsuTestKit
import Foundation
import NIOCore
import Testing

@testable import Bongsu

@Suite(.serialized) struct FetchSocketsTests {
  struct User: Codable, Sendable, Equatable { let name: String }

  @Test func socketsAreFoundWithEverythingThatIsKnownOfThem() async throws {
    try await serving(loops: 2) { io in
      io.on("connection") { socket in
        socket.data["user"] = User(name: "Bora")
        socket.join(["a", "b"])
      }
    } _: { io, port in
      let visitor = try Visitor.connected(port, "&room=1&room=2")
      let id = try visitor.join(auth: #"{"token":"t"}"#)
      let other = try Visitor.joined(port)
      let total = try await io.allSockets()
      #expect(total == [id, other.id])
      let found = try #require(try await io.to(id).fetchSockets().first)
      #expect(found.id == id && found.rooms == [id, "a", "b"])
      #expect(found.data["user"] == User(name: "Bora") && found.data["user"] == Int?.none)
      let handshake = found.handshake
      #expect(handshake.query["room"] == "2" && handshake.query["EIO"] == "4" && handshake.address == "127.0.0.1")
      #expect(handshake.headers["host"] == "localhost" && !handshake.xdomain && !handshake.secure)
      #expect(try handshake.auth(as: [String: String].self) == ["token": "t"])
      #expect(abs(handshake.time.timeIntervalSinceNow) < 600 && handshake.url.hasSuffix("&room=1&room=2"))
      #expect(handshake.clientCertificateName == nil)
    }
  }

  @Test func aSocketThatWasFetchedCanBeReached() async throws {
    try await serving(loops: 2) { _ in
    } _: { io, port in
      let (visitor, id) = try Visitor.joined(port)
      let (other, _) = try Visitor.joined(port)
      let socket = try #require(try await io.in(id).fetchSockets().first)
      socket.emit("hello", 1)
      #expect(visitor.text == #"42["hello",1]"#)
      socket.join("x", "y")
      socket.leave("y")
      io.to("x").emit("x")
      io.to("y").emit("y")
      #expect(visitor.text == #"42["x"]"#)
      visitor.answers(#"420["ask"]"#, with: [#"430["fine"]"#])
      let given: String = try await socket.emitWithAck("ask", timeout: .seconds(5))
      #expect(given == "fine")
      socket.disconnect(true)
      #expect(visitor.text == "41" && visitor.frame() == .emptyClose)
      io.emit("still")
      #expect(other.text == #"42["still"]"#)
    }
  }

  @Test func aSocketThatWasFetchedMayBeLateToAnswer() async throws {
    try await withTestServer(Configuration(loops: 2)) { server in
      let client = try await server.connect()
      let socket = try #require(try await server.io.fetchSockets().first)
      let answer = Task { () -> String in try await socket.emitWithAck("ask", timeout: .seconds(20)) }
      try await client.expect("ask")
      await server.clock.advance(by: .seconds(20))
      await #expect(throws: AckError.timedOut) { try await answer.value }
    }
  }

  @Test func whatServersTellEachOtherOfASocketIsTheReferencesJSON() throws {
    let json = #"""
      {"headers":{"host":"h","origin":"https://o"},"time":"t","address":"::1","xdomain":true,"secure":true,"issued":5,
      "url":"/socket.io/?a=1","query":{"a":"1"},"auth":{"token":[1,null,"x"]}}
      """#
    let handshake = try JSONDecoder().decode(Handshake.self, from: Data(json.utf8))
    #expect(handshake.address == "::1" && handshake.secure && handshake.xdomain && handshake.issued == 5)
    #expect(handshake.header("Host") == "h" && handshake.query("a") == "1" && handshake.url == "/socket.io/?a=1")
    let again = try JSONDecoder().decode(Handshake.self, from: JSONEncoder().encode(handshake))
    #expect(String(buffer: again.auth.bytes).contains("token") && again.headers == handshake.headers)
    var data = SocketData()
    data["user"] = User(name: "B")
    data["count"] = 3
    let copy = try JSONDecoder().decode(SocketData.self, from: JSONEncoder().encode(data))
    #expect(copy["user"] == User(name: "B") && copy["count"] == 3 && copy.names == ["user", "count"])
    data["user"] = User?.none
    #expect(data.names == ["count"])
  }

  @Test func roomsTellOfTheirBeginningAndEndOnce() async throws {
    let notes = Notes()
    try await serving { io in
      io.sockets.onRoomEvent { event in
        switch event {
        case .created(let room): notes.add("create \(room.count == 20 ? "own" : room)")
        case .joined(let room, _): notes.add("join \(room.count == 20 ? "own" : room)")
        case .left(let room, _): notes.add("leave \(room.count == 20 ? "own" : room)")
        case .deleted(let room): notes.add("delete \(room.count == 20 ? "own" : room)")
        }
      }
      io.on("connection") { socket in
        socket.on("join") { () in
          socket.join("a")
          socket.join("a")
        }
        socket.on("leave") { () in
          socket.leave("a")
          socket.leave("a")
        }
      }
    } _: { _, port in
      let (one, _) = try Visitor.joined(port)
      one.send(#"42["join"]"#)
      let first = try await notes.lines(4)
      #expect(first == ["create own", "join own", "create a", "join a"])
      let (two, _) = try Visitor.joined(port)
      two.send(#"42["join"]"#)
      let second = try await notes.lines(7).dropFirst(4)
      #expect(second == ["create own", "join own", "join a"])
      one.send(#"42["leave"]"#)
      let third = try await notes.lines(8).last
      #expect(third == "leave a")
      two.send("41")
      let last = try await notes.lines(12).suffix(4)
      #expect(last == ["leave own", "delete own", "leave a", "delete a"])
    }
  }
}
