import Bongsu
import BongsuTestKit
import Foundation
import Testing

/// The article's code is this code: what is written there compiles and holds.
@Suite struct ArticleTests {
  @Test func whatOneSaysTheOthersHear() async throws {
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.join("lobby")
        socket.on("say") { (text: String) in socket.to("lobby").emit("said", text) }
      }
    } test: { server in
      let (one, other) = (try await server.connect(), try await server.connect())
      try one.emit("say", "hello")
      let text = try await other.expect("said", as: String.self)
      #expect(text == "hello")
      await server.clock.settle()
      #expect(one.pending.isEmpty)
    }
  }

  @Test func aSilentClientIsDropped() async throws {
    try await withTestServer { server in
      let client = try await server.connect()
      client.engine.answerPings(false)
      await server.clock.advance(by: .seconds(45))
      let ending = try await client.ended()
      #expect(ending == .connection(.closed(code: 1005, reason: "")))
    }
  }

  @Test func anAnswerThatDoesNotComeIsNoticed() async throws {
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.timeout(.seconds(5)).emit("ask") { (answer: Result<Int, any Error>) in
          if case .failure = answer { socket.emit("too late") }
        }
      }
    } test: { server in
      let client = try await server.connect()
      try await client.expect("ask")
      await server.clock.advance(by: .seconds(5))
      try await client.expect("too late")
    }
  }

  @Test func membersMayBeOnAnyLoop() async throws {
    try await withTestServer(Configuration(loops: 2)) { server in
      let (one, other) = (try await server.connect(onLoop: 0), try await server.connect(onLoop: 1))
      server.io.to([one.id, other.id]).emit("hello")
      try await one.expect("hello")
      try await other.expect("hello")
    }
  }

  @Test func everyLineOfItsCodeIsHere() throws {
    let here = URL(filePath: #filePath)
    let article = here.deletingLastPathComponent()
      .appending(path: "../../Sources/BongsuTestKit/BongsuTestKit.docc/BongsuTestKit.md")
    let compiled = Set(try lines(of: here))
    var isSwift = false
    var count = 0
    for line in try lines(of: article) {
      if line.hasPrefix("```") {
        isSwift = line == "```swift"
      } else if isSwift, !line.isEmpty {
        count += 1
        #expect(compiled.contains(line))
      }
    }
    #expect(count > 30)
  }

  private func lines(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
