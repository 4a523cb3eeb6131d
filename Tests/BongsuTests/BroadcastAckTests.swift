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
    try await serving(loops: 2, join) { io, port in
      let visitors = try (0..<3).map { _ in try Visitor.joined(port).0 }
      let done = Notes()
      io.timeout(.milliseconds(200)).emit("ask") { (error: (any Error)?, answers: [String]) in
        let late = (error as? BroadcastAckError).flatMap { try? $0.responses(as: String.self) }
        done.add("\(error.map { "\($0)" } ?? "none") \(answers.sorted()) \(late ?? [])")
      }
      for visitor in visitors { #expect(visitor.text == #"420["ask"]"#) }
      visitors[0].send(#"430["one"]"#)
      let lines = try await done.lines(1)
      #expect(lines == [#"operation has timed out ["one"] ["one"]"#])
      // Nobody waits for the others any more.
      visitors[1].send(#"430["late"]"#)
      visitors[1].send(#"42["still here"]"#)
      #expect(done.all.count == 1)
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
