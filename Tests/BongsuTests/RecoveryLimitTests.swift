import Foundation
import Testing

@testable import Bongsu

/// When a client is told that it is new, and what middlewares have to do with it.
@Suite(.serialized) struct RecoveryLimitTests {
  private func recovering(
    _ change: @escaping (inout ConnectionStateRecovery) -> Void = { _ in }, _ configure: (Server) -> Void = { _ in },
    _ test: (Server, UInt16) async throws -> Void
  ) async throws {
    try await serving(loops: 2) { configuration in
      var recovery = ConnectionStateRecovery()
      change(&recovery)
      configuration.connectionStateRecovery = recovery
    } _: {
      configure($0)
    } _: {
      try await test($0, $1)
    }
  }

  @Test func whoLeavesOnPurposeOrIsTakenOutDoesNotComeBack() async throws {
    try await recovering { _ in
    } _: { io in
      io.on("connection") { socket in socket.on("out") { (close: Bool) in socket.disconnect(close) } }
    } _: { _, port in
      for farewell in ["41", #"42["out",false]"#, #"42["out",true]"#] {
        let client = try Returner(port)
        client.send(farewell)
        if farewell != "41" { #expect(client.raw == "41") } else { client.cut() }
        #expect(try !client.comeBack() && client.missed == [], "\(farewell)")
      }
    }
  }

  @Test func whoDoesWhatItMustNotMayComeBack() async throws {
    try await recovering { _, port in
      let client = try Returner(port)
      client.send("42[]")
      #expect(client.frame() == .emptyClose)
      #expect(try client.comeBack())
    }
  }

  @Test func whoComesTooLateIsNew() async throws {
    try await recovering {
      $0.maxDisconnectionDuration = .zero
    } _: { _ in
    } _: { _, port in
      let client = try Returner(port)
      client.cut()
      #expect(try !client.comeBack() && !client.sid.isEmpty)
    }
  }

  @Test(arguments: [true, false]) func whoNeedsWhatWasDroppedIsNew(_ byBytes: Bool) async throws {
    try await recovering {
      byBytes ? ($0.packetBytes = 4_000) : ($0.packetCount = 5)
    } _: { _ in
    } _: { io, port in
      let client = try Returner(port)
      client.cut()
      for number in 0..<5 { io.emit("kept", number) }
      #expect(try client.comeBack() && client.missed.count == 5)
      client.cut()
      for number in 0..<20 { io.emit("too many", number) }
      #expect(try !client.comeBack() && client.missed == [])
      // The new session comes back, whatever offset the client still knows.
      client.cut()
      io.emit("one")
      #expect(try client.comeBack() && client.missed == [#"42["one"]"#])
      #expect(io.sockets.memory.recovery?.kept.packetBytes ?? .max <= 4_000)
    }
  }

  @Test func whoWasSentNothingLatelyComesBackHoweverMuchOthersWereSent() async throws {
    try await recovering {
      $0.packetCount = 5
    } _: { _ in
    } _: { io, port in
      let client = try Returner(port)
      io.emit("first")
      #expect(client.next == #"42["first"]"#)
      for _ in 0..<100 { io.to("elsewhere").emit("busy") }
      client.cut()
      #expect(try client.comeBack() && client.missed == [])
      for _ in 0..<100 { io.to("elsewhere").emit("busy") }
      io.emit("lost")
      client.cut()
      #expect(try client.comeBack() && client.missed == [#"42["lost"]"#])
    }
  }

  @Test func moreThanMayWaitForAClientIsNotReplayed() async throws {
    try await serving {
      $0.connectionStateRecovery = ConnectionStateRecovery()
      $0.limits.queuedBytes = 20_000
    } _: { _ in
    } _: { io, port in
      let client = try Returner(port)
      client.cut()
      for _ in 0..<20 { io.emit("large", String(repeating: "x", count: 1_100)) }
      #expect(try !client.comeBack())
    }
  }

  @Test(arguments: [
    #"{"pid":"AAAAAAAAAAAAAAAAAAAA"}"#, #"{"pid":5}"#, #"{"pid":"$","offset":5}"#, #"{"pid":"$","offset":"hello"}"#,
    #"{"pid":"$","offset":{}}"#, #"{"pid":["$"]}"#, #"{"offset":"%"}"#,
    #"{"pid":"$","offset":"%zzzz"}"#,
  ])
  func whoSaysWhatCannotBeIsNew(_ auth: String) async throws {
    try await recovering { io, port in
      let client = try Returner(port)
      io.emit("one")
      _ = client.next
      client.cut()
      let said = auth.replacingOccurrences(of: "$", with: client.pid)
        .replacingOccurrences(of: "%", with: client.offset ?? "")
      #expect(try !client.comeBack(said))
    }
  }

  @Test func anOffsetOfAnotherServerIsNoneIfNothingWasSentSince() async throws {
    try await recovering { io, port in
      io.emit("before")
      let client = try Returner(port)
      client.offset = "1-zzz"
      client.cut()
      try await io.isGone(client.sid)
      io.emit("one")
      #expect(try client.comeBack() && client.missed == [#"42["one"]"#])
      // Now there is one that it should have.
      client.offset = "1-zzz"
      client.cut()
      #expect(try !client.comeBack())
    }
  }

  @Test(arguments: [true, false]) func middlewaresAreSkippedIfSoConfigured(_ areSkipped: Bool) async throws {
    let notes = Notes()
    try await recovering {
      $0.skipMiddlewares = areSkipped
    } _: { io in
      io.use { _ async in await Task.yield() }
      io.use { notes.add("\($0.recovered)") }
    } _: { _, port in
      let client = try Returner(port)
      client.cut()
      #expect(try client.comeBack())
      #expect(notes.all == (areSkipped ? ["false"] : ["false", "true"]))
    }
  }

  @Test func whoIsTurnedAwayMayTryAgain() async throws {
    let notes = Notes()
    try await recovering {
      $0.skipMiddlewares = false
    } _: { io in
      io.use { socket in
        guard socket.recovered else { return }
        notes.add("asked")
        if notes.all.count == 1 { throw ConnectError("not now") }
      }
    } _: { io, port in
      let client = try Returner(port)
      client.cut()
      io.emit("missed")
      let visitor = try Visitor.connected(port)
      visitor.send("40{\"pid\":\"\(client.pid)\"}")
      #expect(visitor.text == #"44{"message":"not now"}"#)
      #expect(try client.comeBack() && client.missed == [#"42["missed"]"#])
    }
  }

  @Test func withoutRecoveryNobodyHearsOfIt() async throws {
    try await serving { _ in
    } _: { io, port in
      let visitor = try Visitor.connected(port)
      visitor.send(#"40{"pid":"AAAAAAAAAAAAAAAAAAAA","offset":"1-1"}"#)
      #expect(visitor.text?.count == #"40{"sid":"AAAAAAAAAAAAAAAAAAAA"}"#.count)
      io.emit("event")
      #expect(visitor.text == #"42["event"]"#)
    }
  }
}
