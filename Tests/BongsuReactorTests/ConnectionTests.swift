import BongsuBytes
import BongsuReactor
import Foundation
import Loopback
import NIOCore
import Testing

extension SocketTests {
  @Suite struct ConnectionTests {
    @Test func bytesComeAndGo() async throws {
      let handler = Handler.echo()
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect()
      client.send("hello")
      #expect(client.receive(5) == Array("hello".utf8))
      let peer = await harness.on { handler.connection?.peer }
      #expect(peer?.address == "127.0.0.1" && peer?.port == client.port)
      client.finish()
      #expect(client.receiveToEnd() == ([], .end))
      #expect(await eventually { handler.log == ["attached", "ended", "closed"] })
      #expect(await harness.on { harness.loops[0].connectionCount } == 0)
      await harness.stop()
    }

    @Test func aLargeStreamComesBackWhole() async throws {
      let harness = try Harness { Handler.echo().attach($0) }
      let client = try harness.connect()
      let bytes = Array(numberedBytes(3_000_000).readableBytesView)
      Thread.detachNewThread { client.send(bytes) }
      #expect(matches(client.receive(bytes.count), bytes))
      await harness.stop()
    }

    // The larger ones are more than a turn's memory for output holds, and more than the kernel takes at once.
    @Test(arguments: [1, 50]) func everyKindOfOutputKeepsItsPlace(scale: Int) async throws {
      var expected: [UInt8] = []
      let handler = Handler { bytes, connection in
        bytes.clear()
        for number in 0..<1000 {
          let piece = ByteBuffer(repeating: UInt8(number & 0xFF), count: number % 97 * scale)
          switch number / 3 % 4 {
          case 0: connection.send(piece)
          case 1: connection.send(shared: connection.loop.share(piece))
          case 2: connection.write(limit: 1 << 14) { $0.append(contentsOf: piece.readableBytesSpan) }
          default: connection.write { $0.writeImmutableBuffer(piece) }
          }
        }
      }
      for number in 0..<1000 { expected += [UInt8](repeating: UInt8(number & 0xFF), count: number % 97 * scale) }
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect()
      client.send("go")
      #expect(matches(client.receive(expected.count), expected))
      #expect(await harness.on { handler.connection?.queuedBytes } == 0)
      await harness.stop()
    }

    @Test func anAnswerLeavesAtOnceAndWhatIsForManyWithTheTurn() async throws {
      let handler = Handler { bytes, connection in
        let isForMany = bytes.readInteger() == UInt8(ascii: "m")
        if isForMany { connection.send(shared: connection.loop.share(ByteBuffer(string: "many"))) }
        connection.write(limit: 8) { for byte in "answer".utf8 { $0.append(byte) } }
      }
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect()
      #expect(await eventually { !handler.log.isEmpty })
      let turns = Turns { if let left = handler.connection?.queuedBytes, left > 0 { handler.note("\(left) left") } }
      await harness.on { harness.loops[0].delegate = turns }
      client.send("a")
      #expect(client.receive(6) == Array("answer".utf8))
      #expect(handler.log == ["attached"])
      client.send("m")
      #expect(client.receive(10) == Array("manyanswer".utf8))
      #expect(handler.log == ["attached", "10 left"])
      await harness.stop()
    }

    @Test func oneFrameReachesManyByReference() async throws {
      let handlers = (0..<20).map { _ in Handler() }
      let accepted = Unchecked(0)
      let harness = try Harness { connection in
        handlers[accepted.value].attach(connection)
        accepted.value += 1
      }
      let clients = try handlers.map { _ in try harness.connect() }
      #expect(await eventually { handlers.allSatisfy { !$0.log.isEmpty } })
      await harness.on {
        let frame = harness.loops[0].share(ByteBuffer(string: "news"))
        for handler in handlers { handler.connection?.send(shared: frame) }
        for handler in handlers { handler.connection?.send(shared: frame) }
      }
      for client in clients { #expect(client.receive(8) == Array("newsnews".utf8)) }
      await harness.stop()
    }

    @Test func finishingDeliversTheLastBytesBeforeTheEnd() async throws {
      let bytes = numberedBytes(2_000_000)
      let handler = Handler { _, connection in
        connection.send(bytes)
        connection.write { $0.writeString("the end") }
        connection.finish()
        connection.write { $0.writeString("too late") }
      }
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect(receiveBuffer: 1 << 16)
      client.send("go")
      // What comes after the end of output is read past, so that the peer sees no reset.
      client.send("more")
      let (received, ending) = client.receiveToEnd()
      #expect(matches(received, Array(bytes.readableBytesView) + Array("the end".utf8)) && ending == .end)
      client.finish()
      #expect(await eventually { handler.log == ["attached", "closed"] })
      await harness.stop()
    }

    @Test func aPeerThatNeverEndsIsLetGoAfterAWhile() async throws {
      let handler = Handler { _, connection in connection.finish() }
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect()
      client.send("go")
      #expect(client.receiveToEnd() == ([], .end))
      #expect(handler.log == ["attached"])
      #expect(await eventually { handler.log == ["attached", "closed"] })
      await harness.stop()
    }

    @Test(arguments: [true, false]) func abortingDropsWhatIsQueued(isReset: Bool) async throws {
      let handler = Handler { _, connection in
        connection.write { $0.writeString("lost") }
        connection.abort(reset: isReset)
      }
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect()
      client.send("go")
      #expect(client.receiveToEnd() == ([], isReset ? .reset : .end))
      #expect(await eventually { handler.log == ["attached", "closed"] })
      #expect(await harness.on { harness.loops[0].connectionCount } == 0)
      await harness.stop()
    }

    @Test func aPausedConnectionReadsNothingUntilItResumes() async throws {
      let handler = Handler.echo()
      let harness = try Harness { connection in
        handler.attach(connection)
        connection.pauseReading()
      }
      let client = try harness.connect()
      client.send("hello")
      try await Task.sleep(for: .milliseconds(50))
      await harness.on { handler.connection?.write { $0.writeString("first ") } }
      #expect(client.receive(6) == Array("first ".utf8))
      await harness.on { handler.connection?.resumeReading() }
      #expect(client.receive(5) == Array("hello".utf8))
      await harness.stop()
    }
  }
}
