import Foundation
import Testing

@testable import Bongsu

@Suite struct MetricsTests {
  @Test func namesAreThoseOfPrometheus() {
    let all = MetricDescription.all
    #expect(all.count > 20 && Set(all.map(\.name)).count == all.count)
    for one in all {
      #expect(one.name.wholeMatch(of: /bongsu(_[a-z]+)+/) != nil, "\(one.name)")
      #expect(one.name.hasSuffix("_total") == (one.kind == .counter), "\(one.name)")
      #expect(one.help.hasSuffix("."), "\(one.name)")
    }
  }

  @Test func theArticleHasTheWholeTable() throws {
    let article = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Bongsu/Bongsu.docc/Observing.md")
    let lines = try String(contentsOf: article, encoding: .utf8).split(separator: "\n").filter {
      $0.hasPrefix("| `bongsu_")
    }
    let wanted = MetricDescription.all.map { one in
      "| `\(one.name)` | \(one.kind.rawValue) |\(one.label.map { " `\($0)`" } ?? "") | \(one.help) |"
    }
    #expect(Set(lines.map(String.init)) == Set(wanted) && lines.count == wanted.count)
  }

  @Test func limitsAreCalledAsInTheirStruct() {
    let names = Set(Mirror(reflecting: Limits()).children.compactMap(\.label))
    for limit in LimitName.allCases { #expect(names.contains(limit.rawValue), "\(limit)") }
  }

  @Test func aClientsLifeIsCounted() async throws {
    let metrics = RecordedMetrics()
    try await serving(loops: 2, { $0.metrics = metrics }) { io in
      io.on("connection") { socket in
        socket.on("hello") { () in io.emit("everyone") }
        socket.timeout(.seconds(60)).emit("question", ack: { (_: Result<String, any Error>) in })
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      #expect(visitor.text?.hasPrefix("42") == true)
      visitor.send(#"42["hello"]"#)
      #expect(visitor.text == #"42["everyone"]"#)
      #expect(try await metrics.comes { $0["deliveries_total"] == 1 && $0["pending_acks"] == 1 && $0["rooms"] == 1 })
      #expect(metrics["connections"] == 1 && metrics["connections_opened_total"] == 1)
      #expect(metrics["sessions{websocket}"] == 1 && metrics["sessions{polling}"] == 0)
      #expect(metrics["sockets"] == 1 && metrics["events_received_total"] == 1)
      // CONNECT and the event came; the handshake, the answer to CONNECT, the question and the event were sent.
      #expect(try await metrics.comes { $0["messages_received_total{websocket}"] == 2 })
      #expect(try await metrics.comes { $0["messages_sent_total{websocket}"] == 4 })
      #expect((metrics["received_bytes_total"] ?? 0) > 200 && (metrics["sent_bytes_total"] ?? 0) > 200)
      visitor.send(0x88, [])
      #expect(try await metrics.comes { $0["sockets_disconnected_total{transport close}"] == 1 })
      #expect(metrics["sessions_closed_total{transport close}"] == 1)
      #expect(metrics["sessions{websocket}"] == 0 && metrics["sockets"] == 0 && metrics["pending_acks"] == 0)
      #expect(metrics["loop_cpu_seconds_total{0}"]! + metrics["loop_cpu_seconds_total{1}"]! > 0)
    }
  }

  @Test func pollingAndUpgradesAreCounted() async throws {
    let metrics = RecordedMetrics()
    try await serving({ $0.metrics = metrics }) { _ in
    } _: { _, port in
      let visitor = try Visitor(port: port)
      let path = "/socket.io/?EIO=4&transport="
      let opening = visitor.request("GET \(path)polling").body
      let sid = try #require(opening.firstMatch(of: /"sid":"([^"]+)"/)).1
      #expect(visitor.request("POST \(path)polling&sid=\(sid)", body: "40").status == 200)
      #expect(visitor.request("GET \(path)polling&sid=\(sid)").body.hasPrefix("40"))
      #expect(try await metrics.comes { $0["sessions{polling}"] == 1 })
      #expect(metrics["sessions_opened_total{polling}"] == 1 && metrics["messages_received_total{polling}"] == 1)
      #expect(metrics["messages_sent_total{polling}"] == 1)
      let other = try Visitor(port: port)
      #expect(other.upgrade("\(path)websocket&sid=\(sid)").status == 101)
      other.send("2probe")
      #expect(other.text == "3probe")
      other.send("5")
      #expect(try await metrics.comes { $0["upgrades_total"] == 1 })
      #expect(metrics["sessions{polling}"] == 0 && metrics["sessions{websocket}"] == 1)
    }
  }

  /// CVE-2021-21328: an unknown path became a label for good.
  @Test func nothingThatAClientSaysBecomesALabel() async throws {
    let metrics = RecordedMetrics()
    try await serving({ $0.metrics = metrics }) { _ in
    } _: { _, port in
      let before = Set(metrics.values.keys)
      let visitor = try Visitor(port: port)
      #expect(visitor.request("GET /nowhere-\(UInt64.random(in: 0 ... .max))").status == 404)
      #expect(visitor.request("GET /socket.io/?EIO=4&transport=carrier-pigeon").status == 400)
      let (other, _) = try Visitor.joined(port)
      other.send("40/no-such-namespace,")
      #expect(other.text?.hasPrefix("44/no-such-namespace") == true)
      other.send(#"42["no-such-event"]"#)
      #expect(try await metrics.comes { $0["requests_refused_total{0}"] == 1 })
      #expect(Set(metrics.values.keys) == before && before.count > 60)
    }
  }

  @Test func whatIsCountedNowEndsWithTheServer() async throws {
    let metrics = RecordedMetrics()
    let io = Server(
      {
        var it = Configuration(loops: 1)
        it.metrics = metrics
        it.engine.pingInterval = .seconds(600)
        return it
      }())
    let visitor = try Visitor(port: try io.start(port: 0))
    #expect(visitor.request("GET /socket.io/?EIO=4&transport=polling").status == 200)
    #expect(try await metrics.comes { $0["sessions{polling}"] == 1 })
    io.stop()
    await io.closed()
    #expect(metrics["sessions{polling}"] == 0 && metrics["connections"] == 0)
    #expect(metrics["sessions_opened_total{polling}"] == 1)
  }
}
