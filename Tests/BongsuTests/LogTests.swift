import Logging
import Loopback
import Synchronization
import Testing

@testable import Bongsu

@Suite struct LogTests {
  @Test func startingAndEndingIsInformation() async throws {
    let log = RecordedLog()
    try await serving({ $0.logger = log.logger(.info) }) { _ in
    } _: { _, port in
      #expect(log.lines("listening").map(\.metadata) == [["host": "127.0.0.1", "port": "\(port)"]])
      _ = try Visitor.joined(port)
    }
    #expect(log.lines.map(\.message) == ["listening", "closing", "closed"])
    #expect(log.lines.allSatisfy { $0.level == .info })
  }

  @Test func aFloodOfRefusedClientsIsNoFloodOfLines() async throws {
    let (log, metrics) = (RecordedLog(), RecordedMetrics())
    try await serving({ ($0.limits.connections, $0.logger, $0.metrics) = (0, log.logger(.info), metrics) }) { _ in
    } _: { _, port in
      for _ in 0..<300 {
        let refused = try LoopbackSocket(port: port).receive(1)
        #expect(refused.isEmpty)
      }
      #expect(try await metrics.comes { $0["connections_refused_total{limit}"] == 300 })
      #expect(metrics["limits_reached_total{connections}"] == 300)
    }
    let warnings = log.lines("limit reached")
    // Ten in ten seconds; a slow machine may take longer than that for all.
    #expect((10...40).contains(warnings.count))
    #expect(warnings.allSatisfy { $0.level == .warning && $0.metadata["limit"] == "connections" })
    #expect(warnings.first?.metadata["peer"] == "127.0.0.1")
  }

  @Test func whatComesFromTheWireIsPrintable() async throws {
    let log = RecordedLog()
    try await serving({ $0.logger = log.logger(.debug) }) { io in
      _ = io.of(/^\/in/)
    } _: { _, port in
      let visitor = try Visitor(port: port)
      let target = "/socket.io/?EIO=4&transport=%0A2000-01-01%20error%3A%20%1B%5B31m"
      #expect(visitor.request("GET " + target).status == 400)
      let (other, _) = try Visitor.joined(port)
      let name = "/in\u{202E}\u{7}" + String(repeating: "x", count: 200)
      other.send(0x81, Array("40".utf8) + Array(name.utf8.prefix(100)) + Array(",".utf8))
      _ = other.text
    }
    let refused = try #require(log.lines("request refused").first)
    #expect(refused.metadata["transport"] == #"\u{a}2000-01-01 error: \u{1b}[31m"#)
    let connected = log.lines("socket connected").compactMap { $0.metadata["namespace"] }
    #expect(connected.first == "/" && connected.last?.hasPrefix(#"/in\u{202e}\u{7}xx"#) == true)
  }

  @Test func textIsCutAndEscaped() {
    #expect(WireText.printable("grüße, 봉수 🔥") == "grüße, 봉수 🔥")
    #expect(
      WireText.printable("a\r\nb\u{85}\u{2028}\u{2066}\\\u{7F}") == #"a\u{d}\u{a}b\u{85}\u{2028}\u{2066}\u{5c}\u{7f}"#)
    #expect(WireText.printable(String(repeating: "y", count: 1000)) == String(repeating: "y", count: 128) + "…")
    #expect(WireText.printable(String(repeating: "y", count: 128)) == String(repeating: "y", count: 128))
  }

  struct Oops: Error, CustomStringConvertible { let description = "oops\nnext" }

  @Test(arguments: [false, true])
  func errorsGoToTheLogUnlessSomebodyHasThem(isTaken: Bool) async throws {
    let (log, taken) = (RecordedLog(), Notes())
    let change = { (configuration: inout Configuration) in
      configuration.logger = log.logger(.info)
      if isTaken { configuration.onError = { taken.add("\(type(of: $0))") } }
    }
    try await serving(change) { io in
      io.on("connection") { socket in
        socket.on("fail") { (ack: Ack) throws in
          ack()
          throw Oops()
        }
        socket.on("number") { (_: Int) in }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send(#"42["number","none"]"#)
      visitor.send(#"420["fail"]"#)
      #expect(visitor.text == "430[]")
    }
    let errors = log.lines("error")
    #expect(errors.map(\.level) == (isTaken ? [] : [.warning, .error]))
    #expect(isTaken == (taken.all.last == "Oops"))
    if !isTaken { #expect(errors.last?.metadata == ["error": #"oops\u{a}next"#]) }
  }

  @Test func everyMessageIsTracedByItsLengthAlone() async throws {
    let log = RecordedLog()
    try await serving({ $0.logger = log.logger(.trace) }) { io in
      io.on("connection") { socket in socket.on("secret") { (word: String, ack: Ack) in ack(word) } }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send(#"420["secret","swordfish"]"#)
      #expect(visitor.text == #"430["swordfish"]"#)
    }
    let received = log.lines("message received").map { $0.metadata["bytes"] }
    #expect(received.contains("25") && !log.lines("message sent").isEmpty)
    #expect(log.lines.allSatisfy { !"\($0)".contains("swordfish") })
  }
}
