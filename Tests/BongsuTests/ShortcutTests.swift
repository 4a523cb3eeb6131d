import Bongsu
import Testing

/// What many are sent goes straight to a socket's connection where nobody has to do anything with it; when that
/// changes, it has to go the long way again at once.
@Suite struct ShortcutTests {
  @Test func nothingForManyFollowsACloseFrame() async throws {
    try await serving { io in
      io.on("connection") { socket in
        socket.on("disconnecting") { () in
          socket.disconnect(true)
          io.emit("late")
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send("41")
      #expect(visitor.frame() == .emptyClose)
      visitor.send(0x88, [])
      #expect(visitor.frame() == nil)
    }
  }

  @Test func aListenerThatComesLaterSeesWhatManyAreSent() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        socket.on("watch") { () in
          socket.conn.on(.flush) { packets in
            notes.add("\(packets.count)")
          }
          io.emit("seen")
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send(#"42["watch"]"#)
      #expect(visitor.frame() == .text(#"42["seen"]"#))
      let lines = try await notes.lines(1)
      #expect(lines == ["1"])
    }
  }
}
