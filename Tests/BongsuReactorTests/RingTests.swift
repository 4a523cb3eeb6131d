import BongsuBytes
import Glibc
import Loopback
import NIOCore
import Testing

@testable import BongsuReactor

extension SocketTests {
  @Suite struct RingTests {
    @Test func thereIsARingWhereItIsWantedAndTheKernelHasIt() async throws {
      let harness = try Harness()
      let hasRing = await harness.on { harness.loops[0].ring != nil }
      #expect(hasRing == (EveryBatching.batching.entries > 0 && Loop.obstacleToRings() == nil))
      await harness.stop()
    }

    /// More entries than any kernel allows.
    @Test func aRefusedRingIsNoObstacle() async throws {
      #expect(throws: RingError(code: 22)) { _ = try Ring(entries: 1 << 20) }
      try await EveryBatching.$batching.withValue(Batching(entries: 1 << 20, fewest: 1)) {
        let handler = Handler.echo()
        let harness = try Harness { handler.attach($0) }
        #expect(await harness.on { harness.loops[0].ring == nil })
        let client = try harness.connect()
        client.send("hello")
        #expect(client.receive(5) == Array("hello".utf8))
        await harness.stop()
      }
    }

    /// Some take everything, some nothing more, some are gone: what each got is what it was sent, from the start.
    @Test func everyConnectionOfABatchGetsItsOwn() async throws {
      let handlers = (0..<12).map { _ in Handler() }
      let accepted = Unchecked(0)
      let harness = try Harness { connection in
        handlers[accepted.value].attach(connection)
        accepted.value += 1
      }
      var clients: [LoopbackSocket?] = []
      for number in 0..<12 {
        clients.append(try harness.connect(receiveBuffer: number % 3 == 0 ? 4_096 : nil))
        #expect(await eventually { !handlers[number].log.isEmpty })
      }
      // These go without a word; the server has not heard of it when it sends.
      for number in [2, 5] { clients[number] = nil }
      let news = numberedBytes(300_000)
      for _ in 0..<30 {
        await harness.on {
          let frame = harness.loops[0].share(news)
          for handler in handlers where handler.connection?.isOpen == true { handler.connection?.send(shared: frame) }
        }
      }
      let expected = Array(news.readableBytesView)
      for client in clients {
        guard let client else { continue }
        for _ in 0..<30 { #expect(matches(client.receive(expected.count), expected)) }
      }
      #expect(await eventually { await harness.on { handlers.allSatisfy { $0.connection?.queuedBytes == 0 } } })
      #expect(await harness.on { harness.loops[0].counters.bytesSent } >= 10 * 30 * expected.count)
      await harness.stop()
    }

    /// A connection that spoke, was flushed early and spoke again stands twice among those that have something to say.
    @Test func nothingIsSentTwice() async throws {
      let handlers = (0..<3).map { _ in Handler() }
      let accepted = Unchecked(0)
      let harness = try Harness { connection in
        handlers[accepted.value].attach(connection)
        accepted.value += 1
      }
      let clients = try handlers.map { _ in try harness.connect() }
      #expect(await eventually { handlers.allSatisfy { !$0.log.isEmpty } })
      await harness.on {
        for word in ["one ", "two ", "three ", "four"] {
          for handler in handlers {
            handler.connection?.send(ByteBuffer(string: word))
            if word != "three " { #expect(handler.connection?.makesRoom(upTo: 1) == true) }
          }
        }
      }
      for client in clients { #expect(client.receive(18) == Array("one two three four".utf8)) }
      for client in clients {
        client.finish()
        #expect(client.receiveToEnd() == ([], .end))
      }
      await harness.stop()
    }

    /// Two are answered in a turn, which with a ring is many here; the second sees whether the first waits.
    @Test(arguments: [6, 5_000]) func whereManyAreAnsweredSmallAnswersLeaveTogether(count: Int) async throws {
      let handlers = Unchecked<[Handler]>([])
      let accepted = Unchecked(0)
      handlers.value = (0..<2).map { _ in
        Handler { _, connection in
          let waits = handlers.value.contains { $0.connection?.queuedBytes ?? 0 > 0 }
          if waits { handlers.value[0].note("waits") }
          connection.write(limit: count) { for _ in 0..<count { $0.append(UInt8(ascii: "x")) } }
        }
      }
      let harness = try Harness { connection in
        handlers.value[accepted.value].attach(connection)
        accepted.value += 1
      }
      let clients = try [harness.connect(), harness.connect()]
      #expect(await eventually { handlers.value.allSatisfy { !$0.log.isEmpty } })
      let hasRing = await harness.on { harness.loops[0].ring != nil }
      // The kernel's tick may fall between the two; not every time.
      for _ in 0..<20 {
        for client in clients { client.send("1") }
        for client in clients { #expect(client.receive(count).count == count) }
        harness.loops[0].submit { usleep(2_000) }
        for client in clients { client.send("2") }
        for client in clients { #expect(client.receive(count).count == count) }
      }
      #expect(handlers.value[0].log.contains("waits") == (hasRing && count == 6))
      await harness.stop()
      handlers.value = []
    }

    /// Others' slow handlers do not keep an answer to the end of the turn, whether they answer or not.
    @Test func answersDoNotWaitLong() async throws {
      let handlers = Unchecked<[Handler]>([])
      let accepted = Unchecked(0)
      handlers.value = (0..<8).map { number in
        Handler { bytes, connection in
          // The one before, at most: the kernel's ticks are some milliseconds apart.
          let waiting = handlers.value.count { $0.connection?.queuedBytes ?? 0 > 0 }
          handlers.value[0].note("\(waiting) wait")
          usleep(20_000)
          if number % 4 != 3 { connection.write { $0.writeImmutableBuffer(bytes) } }
        }
      }
      let harness = try Harness { connection in
        handlers.value[accepted.value].attach(connection)
        accepted.value += 1
      }
      var clients: [LoopbackSocket] = []
      for handler in handlers.value {
        clients.append(try harness.connect())
        #expect(await eventually { !handler.log.isEmpty })
      }
      // The first has a turn of its own, the second brings all of them while the loop is busy.
      clients[0].send("s")
      usleep(5_000)
      for client in clients { client.send("s") }
      for (number, client) in clients.enumerated() where number % 4 != 3 {
        #expect(client.receive(1) == Array("s".utf8))
      }
      var waits: [Int] { handlers.value[0].log.compactMap { Int($0.prefix { $0 != " " }) } }
      #expect(await eventually { waits.count == 9 })
      #expect(waits.allSatisfy { $0 <= 1 }, "\(waits)")
      await harness.stop()
      handlers.value = []
    }

    /// The kernel has taken all when the peer's end is told: whoever then ends the connection at once loses nothing.
    @Test func whatWasAnsweredLeavesBeforeTheEndIsTold() async throws {
      let handler = Handler { bytes, connection in connection.write { $0.writeImmutableBuffer(bytes) } }
      let harness = try Harness { handler.attach($0) }
      let client = try harness.connect()
      #expect(await eventually { !handler.log.isEmpty })
      await harness.on {
        handler.connection?.write { $0.writeString("said") }
        handler.connection?.endInput()
        handler.note("\(handler.connection?.queuedBytes ?? -1) left")
        handler.connection?.abort()
      }
      #expect(client.receiveToEnd().bytes == Array("said".utf8))
      #expect(handler.log.contains("0 left"))
      await harness.stop()
    }

    /// More than fits the ring, more than stays warm, and some who do not read or are gone.
    @Test func everyoneIsAnsweredWhoeverElseIs() async throws {
      let harness = try Harness { connection in Handler.echo().attach(connection) }
      let clients = try (0..<24).map { try harness.connect(receiveBuffer: $0 % 4 == 0 ? 4_096 : nil) }
      var leaving: LoopbackSocket? = try harness.connect()
      let words = (0..<40).map { [UInt8](repeating: UInt8($0), count: [1, 700, 4_000, 9_000][$0 % 4]) }
      for (number, word) in words.enumerated() {
        leaving?.send(word)
        for client in clients { client.send(word) }
        if number == 20 { leaving = nil }
      }
      for client in clients {
        for word in words { #expect(matches(client.receive(word.count), word)) }
      }
      await harness.stop()
    }
  }
}
