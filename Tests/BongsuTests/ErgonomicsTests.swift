import Foundation
import Testing

@testable import Bongsu

/// What Swift adds to Socket.IO's surface.
@Suite(.serialized) struct ErgonomicsTests {
  struct Player: Codable, Sendable, Equatable { let name: String }

  @Test func typedEventsCarryTheirTypes() async throws {
    let moved = TypedEvent<Player, Int>("moved")
    let seen = TypedEvent<String>("seen")
    try await serving { io in
      io.on("connection") { socket in
        socket.on(moved) { player, step in
          socket.emit(seen, player.name)
          socket.broadcast.emit(seen, "nobody")
          io.emit(moved, player, step + 1)
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send(#"42["moved",{"name":"보라"},1]"#)
      #expect(visitor.text == #"42["seen","보라"]"# && visitor.text == #"42["moved",{"name":"보라"},2]"#)
    }
  }

  @Test func eventsCanBeAwaitedUntilTheClientLeaves() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        let stream = socket.events("moved", of: Int.self, String.self)
        Task {
          for await (number, text) in stream { notes.add("\(number) \(text)") }
          notes.add("end")
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send(#"42["moved",1,"a"]"#)
      visitor.send(#"42["moved","no number"]"#)
      visitor.send(#"42["moved",2,"b"]"#)
      let two = try await notes.lines(2)
      #expect(two == ["1 a", "2 b"])
      visitor.send("41")
      let all = try await notes.lines(3)
      #expect(all.last == "end")
    }
  }

  @Test(arguments: [(EventBuffering.newest(2), [4, 5]), (.oldest(2), [1, 2])])
  func whatNobodyTakesIsLostAsDeclared(_ buffering: EventBuffering, _ kept: [Int]) async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        let stream = socket.events("n", of: Int.self, buffering: buffering)
        socket.on("done") { () in
          Task { for await number in stream { notes.add("\(number)") } }
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      for number in 1...5 { visitor.send(#"42["n",\#(number)]"#) }
      visitor.send(#"42["done"]"#)
      let lines = try await notes.lines(2)
      #expect(lines == kept.map(String.init))
    }
  }

  @Test func whoSendsTooMuchMayBeDisconnected() async throws {
    let streams = Notes()
    try await serving { io in
      io.on("connection") { socket in
        let stream = socket.events("n", of: Int.self, buffering: .disconnecting(over: 2))
        socket.on("disconnect") { (reason: String) in
          streams.add(reason)
          withExtendedLifetime(stream) {}
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      for number in 1...3 { visitor.send(#"42["n",\#(number)]"#) }
      #expect(visitor.text == "41")
      let reasons = try await streams.lines(1)
      #expect(reasons == ["server namespace disconnect"])
    }
  }

  @Test func anAnswerThatCannotBeAskedForIsAnErrorAndNoWait() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket async in
        do {
          let _: Int = try await socket.emitWithAck("connect")
        } catch { notes.add("\(error)") }
        do {
          let _: Int = try await socket.emitWithAck("ask", Double.infinity)
        } catch { notes.add("\(error is EncodingError)") }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      let lines = try await notes.lines(2)
      #expect(lines == [#""connect" is a reserved event name"#, "true"])
      withExtendedLifetime(visitor) {}
    }
  }
}
