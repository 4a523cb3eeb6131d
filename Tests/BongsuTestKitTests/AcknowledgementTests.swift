import Bongsu
import BongsuTestKit
import Foundation
import Testing

@Suite struct AcknowledgementTests {
  @Test func anAcknowledgementThatDoesNotComeTimesOutAtItsTime() async throws {
    let log = Log()
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.timeout(.seconds(5)).emit("ask") { (answer: Result<Int, any Error>) in log.add("\(answer)") }
        socket.timeout(.seconds(7)).emit("ask") { (answer: Result<Int, any Error>) in log.add("\(answer)") }
      }
    } test: { server in
      let client = try await server.connect()
      await server.clock.advance(by: .milliseconds(4_999))
      #expect(log.lines.isEmpty)
      await server.clock.advance(by: .milliseconds(1))
      #expect(log.lines == ["failure(operation has timed out)"])
      _ = try await client.expect("ask")
      let second = try await client.expect("ask")
      #expect(second.wantsAck)
      try second.ack(7)
      await server.clock.settle()
      #expect(log.lines == ["success(7)"])
      await server.clock.advance(by: .seconds(100))
      #expect(log.lines.isEmpty)
    }
  }

  @Test func theAnswersToABroadcastAreCollectedUntilItsTimeIsOver() async throws {
    try await withTestServer(Configuration(loops: 2)) { _ in
    } test: { server in
      let clients = [try await server.connect(onLoop: 0), try await server.connect(onLoop: 1)]
      let answers = Task { () -> [String] in try await server.io.timeout(.seconds(30)).emitWithAck("ask") }
      try await clients[1].expect("ask").ack("one")
      try await clients[0].expect("ask")
      await server.clock.advance(by: .seconds(30))
      let error = await #expect(throws: BroadcastAckError.self) { _ = try await answers.value }
      #expect(try error?.responses(as: String.self) == ["one"])
    }
  }

  @Test(arguments: [Transport.webSocket, .polling], [false, true])
  func theServerAnswersAClient(_ transport: Transport, isPacked: Bool) async throws {
    var configuration = Configuration(loops: 2)
    if isPacked { configuration.parser = .msgpack }
    try await withTestServer(configuration) { io in
      io.on("connection") { socket in
        socket.on("sum") { (one: Int, bytes: Data, ack: Ack) in ack(one + bytes.count, bytes) }
      }
    } test: { server in
      let client = try await server.connect(by: transport)
      let answer = try await client.emitWithAck("sum", 1, Data([1, 2]))
      #expect(try answer.first(Int.self) == 3 && answer.count == 2)
      server.io.emit("bytes", Data([7]), ["a": Data([8])])
      let (bytes, object) = try await client.expect("bytes", as: Data.self, [String: Data].self)
      #expect(bytes == Data([7]) && object == ["a": Data([8])])
    }
  }
}
