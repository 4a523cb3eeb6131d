import Foundation
import Testing

@testable import Bongsu

@Suite(.serialized) struct RecoveryTests {
  private func recovering(
    loops: Int = 3, _ configure: (Server) -> Void = { _ in }, _ test: (Server, UInt16) async throws -> Void
  ) async throws {
    try await serving(loops: loops) {
      $0.connectionStateRecovery = ConnectionStateRecovery()
    } _: {
      configure($0)
    } _: {
      try await test($0, $1)
    }
  }

  @Test(arguments: [1, 3]) func aClientComesBackAsItWas(_ loops: Int) async throws {
    let notes = Notes()
    try await recovering(loops: loops) { io in
      io.on("connection") { socket in
        notes.add("\(socket.id) \(socket.recovered) \(socket.rooms.sorted() == ["room", socket.id].sorted())")
        if !socket.recovered {
          socket.join("room")
          socket.data["name"] = "Bora"
        }
        socket.on("name") { () in
          let name: String? = socket.data["name"]
          socket.emit("name", name)
        }
      }
    } _: { io, port in
      let client = try Returner(port)
      io.emit("first")
      #expect(client.next == #"42["first"]"#)
      client.cut()
      _ = try await notes.lines(1)
      io.to("room").emit("in the room", 1)
      io.to("elsewhere").emit("elsewhere")
      io.to(client.sid).emit("alone")
      io.except("room").emit("others")
      io.volatile.emit("volatile")
      io.emit("all", 2)
      #expect(try client.comeBack())
      #expect(client.missed == [#"42["in the room",1]"#, #"42["alone"]"#, #"42["all",2]"#])
      let lines = try await notes.lines(2)
      #expect(lines == ["\(client.sid) false false", "\(client.sid) true true"])
      client.send(#"42["name"]"#)
      #expect(client.next == #"42["name","Bora"]"#)
      io.to("room").emit("still there")
      #expect(client.next == #"42["still there"]"#)
    }
  }

  @Test func theOffsetIsTheLastArgumentOfWhatIsKept() async throws {
    try await recovering { io in
      io.on("connection") { socket in
        socket.on("go") { () in
          socket.emit("direct")
          socket.volatile.emit("volatile", "x")
          socket.emit("bytes", Data([7]))
          socket.emit("ask") { (_: Int) in }
          io.emit("end", "ü")
        }
      }
    } _: { io, port in
      let client = try Returner(port)
      client.send(#"42["go"]"#)
      var seen: [String] = []
      for _ in 0..<6 {
        let frame = client.frame()
        if let frame, frame.first == 0x82 { seen.append("\(frame.payload)") } else { seen.append(frame?.string ?? "") }
      }
      // Positions count up, what follows them cannot be known.
      let signatures = seen.map { $0.split(separator: "-").last.map { $0.dropLast(2) } ?? "" }
      #expect([0, 2, 5].allSatisfy { (1...10).contains(signatures[$0].count) })
      #expect(
        seen == [
          "42[\"direct\",\"1-\(signatures[0])\"]", #"42["volatile","x"]"#,
          "451-[\"bytes\",{\"_placeholder\":true,\"num\":0},\"2-\(signatures[2])\"]", "[7]", #"420["ask"]"#,
          "42[\"end\",\"ü\",\"3-\(signatures[5])\"]",
        ])
    }
  }

  @Test func aClientThatHasReceivedNothingComesBack() async throws {
    try await recovering { io, port in
      io.emit("before")
      let client = try Returner(port)
      for round in 0..<3 {
        client.cut()
        #expect(try client.comeBack() && client.missed == [], "\(round)")
      }
      #expect(client.offset == nil)
      client.cut()
      io.emit("now")
      #expect(try client.comeBack() && client.missed == [#"42["now"]"#])
    }
  }

  @Test func whatWasLostOnItsWayIsSentAgain() async throws {
    try await recovering { io, port in
      let client = try Returner(port)
      io.emit("one")
      io.emit("two")
      #expect(client.next == #"42["one"]"#)
      // `two` is there, but nobody reads it.
      client.cut()
      #expect(try client.comeBack() && client.missed == [#"42["two"]"#])
      // Once more, as if the answer had been lost.
      client.offset = nil
      client.cut()
      #expect(try client.comeBack() && client.missed == [#"42["two"]"#])
    }
  }

  @Test func whatIsSentWhileAClientComesBackComesOnce() async throws {
    try await recovering { io in
      // On the client's own loop, when it is in its rooms and has not heard yet what it has missed.
      io.sockets.onRoomEvent { if case .joined("room", _) = $0 { io.to("room").emit("joined") } }
      io.on("connection") { socket in if !socket.recovered { socket.join("room") } }
    } _: { io, port in
      let client = try Returner(port)
      #expect(client.next == #"42["joined"]"#)
      for round in 0..<4 {
        client.cut()
        io.to("room").emit("missed", round)
        #expect(try client.comeBack() && client.missed == ["42[\"missed\",\(round)]", #"42["joined"]"#])
        io.to("room").emit("live")
        #expect(client.next == #"42["live"]"#)
      }
    }
  }

  @Test func aClientIsBackBeforeItsLossIsNoticed() async throws {
    let notes = Notes()
    try await recovering { io in
      io.on("connection") { socket in
        socket.join("room")
        socket.on("disconnect") { (reason: String) in notes.add(reason) }
      }
    } _: { io, port in
      let client = try Returner(port)
      for round in 1...8 {
        let old = client.leaveOpen()
        io.to("room").emit("event", round)
        #expect(try client.comeBack() && client.missed == ["42[\"event\",\(round)]"], "\(round)")
        let reasons = try await notes.lines(round)
        #expect(reasons.last == "transport error")
        withExtendedLifetime(old) {}
      }
      let count = try await io.allSockets()
      #expect(count == [client.sid])
    }
  }

  @Test func whoeverComesBackIsFoundOnItsNewLoop() async throws {
    try await recovering(loops: 4) { io, port in
      let client = try Returner(port)
      for _ in 0..<8 {
        client.cut()
        #expect(try client.comeBack())
        io.to(client.sid).emit("to its id")
        #expect(client.next == #"42["to its id"]"#)
        let found = try await io.in(client.sid).fetchSockets()
        #expect(found.map(\.id) == [client.sid] && found.first?.rooms == [client.sid])
        io.sockets.sockets[client.sid]?.emit("found")
        #expect(client.next == #"42["found"]"#)
        io.in(client.sid).socketsLeave(client.sid)
        io.except(client.sid).emit("others")
        io.to(client.sid).emit("once")
        #expect(client.next == #"42["once"]"#)
      }
    }
  }

  @Test func namespacesAreRecoveredEachByItself() async throws {
    try await recovering { io in
      _ = io.of("/other")
    } _: { io, port in
      let (main, other) = (try Returner(port), try Returner(port, namespace: "/other"))
      #expect(main.pid != other.pid)
      main.cut()
      other.cut()
      io.emit("main")
      io.of("/other").emit("other")
      #expect(try other.comeBack() && other.missed == [#"42/other,["other"]"#])
      #expect(try main.comeBack() && main.missed == [#"42["main"]"#])
    }
  }

  @Test func plainWebSocketsHearNothingOfOffsets() async throws {
    try await recovering { io in
      io.webSocket("/plain", sharing: io.sockets) { peer, _ in
        peer.join("room")
      } received: { peer, message, kind in
        peer.broadcast(message, kind, to: "room", self: false)
      }
      io.on("connection") { $0.join("room") }
    } _: { io, port in
      let plain = try Visitor(port: port)
      #expect(plain.upgrade("/plain").status == 101)
      let client = try Returner(port)
      io.to("room").emit("message", "hello")
      io.to("room").emit("other", Data([1]), 2)
      #expect(plain.text == "hello" && plain.text == #"["other",{"_placeholder":true,"num":0},2]"#)
      #expect(plain.frame() == .binary([1]))
      _ = (client.next, client.next, client.frame())
      plain.send("from afar")
      #expect(client.next == #"42["message","from afar"]"#)
      client.cut()
      plain.send("missed")
      io.emit("nobody")
      #expect(try client.comeBack())
      // The message and the event come from different threads.
      #expect(Set(client.missed).isSubset(of: [#"42["message","missed"]"#, #"42["nobody"]"#]))
    }
  }
}
