import Glibc
import Loopback
import NIOCore
import Testing

@testable import BongsuReactor

extension SocketTests {
  @Suite struct BacklogTests {
    private static let frameBytes = 60_000
    private static let frameCount = 130

    /// Sends a connection more than the kernel takes, by all ways.
    private static func flood(_ connection: Connection, _ bytes: ByteBuffer) {
      for number in 0..<frameCount {
        guard let piece = bytes.getSlice(at: number * frameBytes, length: frameBytes) else { continue }
        if number % 3 == 0 { connection.write { $0.writeImmutableBuffer(piece) } } else { connection.send(piece) }
      }
    }

    @Test func whatTheKernelDoesNotTakeWaitsAndKeepsItsOrder() async throws {
      let handler = Handler()
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect(receiveBuffer: 1 << 16)
      #expect(await eventually { !handler.log.isEmpty })
      let bytes = numberedBytes(Self.frameBytes * Self.frameCount)
      let inTurn = await harness.on {
        handler.connection.map { Self.flood($0, bytes) }
        return handler.connection?.queuedBytes
      }
      #expect(inTurn == bytes.readableBytes, "everything is counted until the turn ends")
      let waiting = await harness.on { handler.connection?.queuedBytes ?? 0 }
      #expect(waiting > 0 && waiting < bytes.readableBytes)
      #expect(await harness.on { handler.connection?.isWritable } == false)
      // What is said later stands behind.
      await harness.on { handler.connection?.write { $0.writeString("later, ") } }
      await harness.on { handler.connection?.send(ByteBuffer(string: "last")) }
      #expect(await harness.on { handler.connection?.queuedBytes } == waiting + 11)
      let expected = Array(bytes.readableBytesView) + Array("later, last".utf8)
      #expect(matches(client.receive(expected.count), expected))
      #expect(await eventually { handler.log == ["attached", "drained, 0 left"] })
      #expect(await harness.on { handler.connection?.isWritable } == true)
      await harness.stop()
    }

    /// As for a client that always reads a little less than it is sent.
    @Test func aBacklogThatNeverEmptiesDoesNotGrow() {
      let backlog = Backlog()
      let piece = ByteBuffer(repeating: 1, count: 1000)
      backlog.append(copying: piece)
      for _ in 0..<10_000 {
        backlog.append(copying: piece)
        backlog.drop(1000)
      }
      #expect(backlog.pieceCount <= 2 && backlog.copyCapacity <= 1 << 18)
    }

    /// The backlog empties in the turn in which a connection says its last words.
    @Test func lastWordsOutliveTheBacklog() async throws {
      let handler = Handler()
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect()
      #expect(await eventually { !handler.log.isEmpty })
      let count = await harness.on {
        var count = 0
        while let connection = handler.connection, connection.isWritable {
          connection.send(ByteBuffer(repeating: 7, count: Self.frameBytes))
          _ = connection.makesRoom(upTo: 0)
          count += Self.frameBytes
        }
        return count
      }
      harness.loops[0].submit {
        // Meanwhile the client takes what the kernel has.
        usleep(300_000)
        handler.connection?.write { $0.writeString("last") }
        handler.connection?.finish(lingering: false)
        handler.connection?.drainBacklog()
      }
      let expected = [UInt8](repeating: 7, count: count) + Array("last".utf8)
      #expect(matches(client.receiveToEnd().bytes, expected))
      await harness.stop()
    }

    @Test func finishingWaitsForTheBacklog() async throws {
      let handler = Handler()
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect(receiveBuffer: 1 << 16)
      #expect(await eventually { !handler.log.isEmpty })
      let bytes = numberedBytes(Self.frameBytes * Self.frameCount)
      await harness.on { handler.connection.map { Self.flood($0, bytes) } }
      await harness.on { handler.connection?.finish() }
      let (received, ending) = client.receiveToEnd()
      #expect(matches(received, Array(bytes.readableBytesView)) && ending == .end)
      await harness.stop()
    }

    @Test func abortingForgetsTheBacklog() async throws {
      let handler = Handler()
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect(receiveBuffer: 1 << 16)
      #expect(await eventually { !handler.log.isEmpty })
      await harness.on { handler.connection.map { Self.flood($0, numberedBytes(Self.frameBytes * Self.frameCount)) } }
      #expect(await harness.on { handler.connection?.queuedBytes ?? 0 } > 0)
      await harness.on { handler.connection?.abort() }
      #expect(handler.log == ["attached", "closed"])
      #expect(await harness.on { handler.connection?.queuedBytes } == 0)
      #expect(client.receiveToEnd().bytes.count < Self.frameBytes * Self.frameCount)
      await harness.stop()
    }

    @Test func aPeerThatResetsIsNoticedWhileBytesWait() async throws {
      let handler = Handler()
      let harness = try Harness { handler.attach($0) }
      var client: LoopbackSocket? = try harness.connect(receiveBuffer: 1 << 16)
      #expect(await eventually { !handler.log.isEmpty })
      await harness.on { handler.connection.map { Self.flood($0, numberedBytes(Self.frameBytes * Self.frameCount)) } }
      // Closing with unread bytes resets the connection.
      #expect(client != nil)
      client = nil
      #expect(await eventually { handler.log.last == "closed" })
      await harness.stop()
    }
  }
}
