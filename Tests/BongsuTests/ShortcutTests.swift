import Bongsu
import NIOConcurrencyHelpers
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

  /// While a socket is taken out of its namespace, code of the server's owner may run: a parser, and who hears of its
  /// errors.
  @Test func whoLeavesHasNoShortcut() async throws {
    let leaving = NIOLockedValueBox<Socket?>(nil)
    try await serving({
      $0.parser = .custom(NoGoodbyes())
      $0.onError = { _ in
        guard let socket = leaving.withLockedValue({ $0.take() }) else { return }
        socket.conn.close()
        socket.namespace.emit("late")
      }
    }) { io in
      io.on("connection") { socket in
        socket.on("leave") { () in
          leaving.withLockedValue { $0 = socket }
          socket.disconnect()
        }
      }
    } _: { _, port in
      let visitor = try Visitor(port: port)
      #expect(visitor.upgrade("/socket.io/?EIO=4&transport=websocket").status == 101)
      #expect(visitor.frame()?.string.first == "0")
      visitor.send(#"4{"type":0,"nsp":"/"}"#)
      #expect(visitor.frame()?.string.first == "4")
      visitor.send(#"4{"type":2,"nsp":"/","data":["leave"]}"#)
      #expect(visitor.frame() == .emptyClose)
      visitor.send(0x88, [])
      #expect(visitor.frame() == nil)
    }
  }

  private struct NoGoodbyes: PacketParser {
    struct Refusal: Error {}

    func makeDecoder() -> any PacketDecoder { JSONParser().makeDecoder() }

    func encode(_ packet: ParserPacket) throws -> [PacketMessage] {
      if packet.kind == .disconnect { throw Refusal() }
      return try JSONParser().encode(packet)
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
