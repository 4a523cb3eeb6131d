import BongsuTestKit
import Foundation
import NIOCore
import Testing

@testable import Bongsu

@Suite(.serialized) struct BroadcastAckTests {
  private let join: (Server) -> Void = { io in
    io.on("connection") { socket in socket.join("room") }
  }

  @Test func theAnswersOfAllClientsAreCollected() async throws {
    try await serving(loops: 3, join) { io, port in
      let visitors = try (0..<5).map { _ in try Visitor.joined(port).0 }
      // One id for all of them.
      for (index, visitor) in visitors.enumerated() {
        visitor.answers(#"420["ask","a"]"#, with: [#"430[\#(index),"ignored"]"#])
      }
      let answers: [Int] = try await io.to("room").timeout(.seconds(5)).emitWithAck("ask", "a")
      #expect(answers.sorted() == [0, 1, 2, 3, 4])
    }
  }

  @Test func nobodyToAskIsNoAnswerAtOnce() async throws {
    try await serving(loops: 2, join) { io, _ in
      let answers: [Int] = try await io.to("nowhere").emitWithAck("ask")
      #expect(answers.isEmpty)
    }
  }

  @Test func theAnswersThatCameInTimeAreInTheError() async throws {
    try await withTestServer(Configuration(loops: 2), join) { server in
      var clients: [TestClient] = []
      for _ in 0..<3 { clients.append(try await server.connect()) }
      let done = Notes()
      server.io.timeout(.seconds(20)).emit("ask") { (error: (any Error)?, answers: [String]) in
        let late = (error as? BroadcastAckError).flatMap { try? $0.responses(as: String.self) }
        done.add("\(error.map { "\($0)" } ?? "none") \(answers.sorted()) \(late ?? [])")
      }
      var events: [TestEvent] = []
      for client in clients { events.append(try await client.expect("ask")) }
      try events[0].ack("one")
      await server.clock.advance(by: .milliseconds(19_999))
      #expect(done.all.isEmpty)
      await server.clock.advance(by: .milliseconds(1))
      #expect(done.all == [#"operation has timed out ["one"] ["one"]"#])
      // Nobody waits for the others any more.
      try events[1].ack("late")
      try clients[1].emit("still here")
      await server.clock.advance(by: .seconds(20))
      #expect(done.all.count == 1 && server.io.clientsCount == 3)
    }
  }

  @Test func binaryAnswersAndAbsentOnesCount() async throws {
    try await serving(join) { io, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.answers(#"420["ask"]"#, with: ["430[]"])
      let values: [Int?] = try await io.emitWithAck("ask")
      #expect(values == [nil])
      visitor.answers(#"421["ask"]"#, with: [#"461-1[{"_placeholder":true,"num":0}]"#, "bBw=="])
      let bytes: [Data] = try await io.emitWithAck("ask")
      #expect(bytes == [Data([7])])
    }
  }

  @Test func anAnswerOfAnotherKindIsAnError() async throws {
    try await serving(join) { io, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.answers(#"420["ask"]"#, with: [#"430["text"]"#])
      await #expect(throws: DecodingError.self) {
        let _: [Int] = try await io.emitWithAck("ask")
      }
    }
  }

  @Test func answersAreKeptUpToALimit() {
    let notes = Notes()
    let collector = AckCollector(timeout: .seconds(1), maximumBytes: 8) { notes.add("\($0 == nil) \($1.count)") }
    collector.counted(clients: 3)
    for json in ["1234", "12345", "123"] {
      collector.answered(Arguments(ByteBuffer(string: json), attachments: []))
    }
    collector.expect(servers: 1)
    #expect(notes.all.isEmpty)
    collector.end()
    collector.answered(Arguments(ByteBuffer(string: "1"), attachments: []))
    #expect(notes.all == ["false 2"])
  }
}
