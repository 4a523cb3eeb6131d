import BongsuReactor
import Loopback
import NIOCore
import Testing

extension SocketTests {
  @Suite struct MoveTests {
    @Test func aMovedConnectionTakesItsBytesAlong() async throws {
      let (first, second) = (Handler(), Handler.echo())
      let harness = try Harness(loops: 2) { first.attach($0) }
      let client = try harness.connect()
      #expect(await eventually { !first.log.isEmpty })
      final class Ticket: Sendable {}
      let ticket = Ticket()
      await harness.on {
        guard let connection = first.connection else { return }
        connection.ticket = ticket
        connection.write { $0.writeString("queued, ") }
        connection.move(to: harness.loops[1], received: ByteBuffer(string: "received, ")) { connection, received in
          second.attach(connection)
          second.note(connection.loop === harness.loops[1] && Loop.current === connection.loop ? "moved" : "lost")
          second.note(connection.ticket === ticket ? "ticket" : "no ticket")
          connection.write { $0.writeImmutableBuffer(received) }
        }
        first.note(connection.isOpen ? "open" : "not open")
        connection.write { $0.writeString("lost") }
      }
      #expect(client.receive(18) == Array("queued, received, ".utf8))
      client.send("echo")
      #expect(client.receive(4) == Array("echo".utf8))
      #expect(first.log == ["attached", "not open"], "its delegate is let go without a word")
      #expect(second.log == ["attached", "moved", "ticket"])
      #expect(await harness.on { harness.loops[0].connectionCount } == 0)
      #expect(await harness.on(1) { harness.loops[1].connectionCount } == 1)
      await harness.stop()
    }

    @Test func theBacklogMovesInOrder() async throws {
      let (first, second) = (Handler(), Handler())
      let harness = try Harness(loops: 2) { first.attach($0) }
      let client = try harness.connect(receiveBuffer: 1 << 16)
      #expect(await eventually { !first.log.isEmpty })
      let bytes = numberedBytes(8_000_000)
      await harness.on {
        for start in stride(from: 0, to: bytes.readableBytes, by: 80_000) {
          guard let piece = bytes.getSlice(at: start, length: 80_000) else { continue }
          first.connection?.send(piece)
        }
      }
      await harness.on {
        first.connection?.write { $0.writeString("this turn, ") }
        first.connection?.move(to: harness.loops[1], received: ByteBuffer()) { connection, _ in
          second.attach(connection)
          second.note("\(connection.queuedBytes > 0)")
          connection.write { $0.writeString("next turn") }
        }
      }
      let expected = Array(bytes.readableBytesView) + Array("this turn, next turn".utf8)
      #expect(matches(client.receive(expected.count), expected))
      #expect(await eventually { second.log == ["attached", "true", "drained, 0 left"] })
      await harness.stop()
    }

    @Test func aConnectionMovesBackAndForthWhileBytesCome() async throws {
      let hops = 50
      let harness = try Harness(loops: 2) { Traveller(hops: hops).attach($0) }
      guard let other = harness.loops.last else { return }
      Traveller.loops = [harness.loops[0], other]
      let client = try harness.connect()
      let bytes = Array(numberedBytes(100_000).readableBytesView)
      for start in stride(from: 0, to: bytes.count, by: 1000) { client.send(Array(bytes[start..<start + 1000])) }
      #expect(matches(client.receive(bytes.count), bytes))
      await harness.stop()
    }

    @Test func aPeerThatHasEndedDoesNotKeepTheNewLoopBusy() async throws {
      let (first, second) = (HalfOpen(), HalfOpen())
      let harness = try Harness(loops: 2) { connection in first.attach(connection) }
      let turns = Turns()
      await harness.on(1) { harness.loops[1].delegate = turns }
      let client = try harness.connect()
      client.finish()
      #expect(await eventually { first.log.contains("ended") })
      await harness.on {
        first.connection?.move(to: harness.loops[1], received: ByteBuffer()) { connection, _ in
          second.attach(connection)
        }
      }
      #expect(await eventually { !second.log.isEmpty })
      let before = await harness.on(1) { turns.count }
      try await Task.sleep(for: .milliseconds(50))
      #expect(await harness.on(1) { turns.count } - before < 10)
      await harness.stop()
    }
  }
}
