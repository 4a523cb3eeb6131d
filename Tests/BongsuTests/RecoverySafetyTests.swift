import BongsuBytes
import BongsuReactor
import BongsuWebSocket
import NIOCore
import Testing

@testable import Bongsu

/// What others cannot do to a client that is away.
@Suite(.serialized) struct RecoverySafetyTests {
  private func relaying(loops: Int = 2, _ test: (Server, UInt16) async throws -> Void) async throws {
    try await serving(loops: loops) {
      $0.connectionStateRecovery = ConnectionStateRecovery()
    } _: { io in
      Relay().install(on: io.sockets)
      io.webSocket("/ws/*", sharing: io.sockets) { peer, request in
        guard let room = request.pathComponent(after: "/ws/"), peer.enter(room) else { return peer.close(code: 1008) }
      } received: { _, _, _ in
      }
    } _: {
      try await test($0, $1)
    }
  }

  private func plain(_ port: UInt16, _ room: String) throws -> Visitor.Frame? {
    let visitor = try Visitor(port: port)
    #expect(visitor.upgrade("/ws/" + room).status == 101)
    return visitor.frame()
  }

  private let refusal = #"431[{"ok":false,"error":"this is the id of another client"}]"#

  @Test func nobodyJoinsTheRoomOfAClientThatIsAway() async throws {
    try await relaying { io, port in
      let (client, stranger) = (try Returner(port), try Returner(port))
      for _ in 0..<3 {
        client.cut()
        try await io.isGone(client.sid)
        stranger.send("421[\"join\",\"\(client.sid)\"]")
        #expect(stranger.next == refusal)
        let refused = try plain(port, client.sid)
        #expect(refused?.first == 0x88 && refused?.payload.prefix(2) == [3, 240])
        #expect(try client.comeBack())
        io.to(client.sid).emit("secret")
        io.emit("everyone")
        #expect(client.next == #"42["secret"]"# && client.next == #"42["everyone"]"#)
        #expect(stranger.next == #"42["everyone"]"#)
      }
    }
  }

  @Test func anIdIsReservedAsLongAsItsSessionMayComeBack() throws {
    let ids = ReservedIDs()
    let id = Identifier(loop: 0)
    var reservations = [ids.reserve(id), ids.reserve(id)]
    for _ in 0..<2 {
      #expect(ids.contains(id) && !ids.contains(Identifier(loop: 0)))
      reservations.removeLast()
    }
    #expect(!ids.contains(id))
    var configuration = Configuration(loops: 1)
    configuration.connectionStateRecovery = ConnectionStateRecovery()
    let recovery = try #require(Recovery(configuration, loops: 1))
    let session = SavedSession(
      sid: id.description, pid: "pid", rooms: [], data: SocketData(), history: SessionHistory(sid: "", start: 0))
    recovery.save(session, now: .init(milliseconds: 0))
    #expect(recovery.reserved.contains(id))
    do {
      // On its way back it still is.
      let claim = recovery.claim("pid", offset: nil, now: nil)
      guard case .session(let session) = claim else { throw NoSession() }
      withExtendedLifetime(claim) { #expect(recovery.reserved.contains(id)) }
      recovery.save(session, now: .init(milliseconds: 0))
    }
    #expect(recovery.reserved.contains(id))
    _ = recovery.tend(now: .init(milliseconds: 1_000_000))
    #expect(!recovery.reserved.contains(id))
  }

  private struct NoSession: Error {}

  // MARK: Unicode

  private let composed = "caf\u{E9}"
  private let decomposed = "cafe\u{301}"

  @Test func aClientThatIsBackHearsItsOwnRoomsOnly() async throws {
    try await relaying(loops: 1) { io, port in
      let client = try Returner(port)
      client.send("421[\"join\",\"\(composed)\"]")
      #expect(client.next?.hasPrefix("431") == true)
      client.cut()
      try await io.isGone(client.sid)
      io.to(decomposed).emit("another room")
      io.to(composed).emit("missed")
      #expect(try client.comeBack() && client.missed == [#"42["missed"]"#])
      client.send("422[\"join\",\"\(decomposed)\"]")
      #expect(client.next?.hasPrefix("432") == true)
      client.send("423[\"leave\",\"\(composed)\"]")
      #expect(client.next?.hasPrefix("433") == true)
      client.cut()
      try await io.isGone(client.sid)
      io.to(composed).emit("another room")
      io.to(decomposed).emit("missed")
      #expect(try client.comeBack() && client.missed == [#"42["missed"]"#])
    }
  }

  @Test func aClientThatIsBackIsInAllOfItsRooms() async throws {
    try await relaying(loops: 1) { io, port in
      let client = try Returner(port)
      for room in [composed, decomposed] {
        client.send("421[\"join\",\"\(room)\"]")
        #expect(client.next?.hasPrefix("431") == true)
      }
      client.cut()
      #expect(try client.comeBack())
      io.to(composed).emit("one")
      io.to(decomposed).emit("other")
      io.emit("end")
      #expect(client.next == #"42["one"]"# && client.next == #"42["other"]"# && client.next == #"42["end"]"#)
    }
  }

  @Test func whoeverWatchesARoomHearsOfThatOne() async throws {
    try await serving { io in
      Relay().install(on: io.sockets)
    } _: { io, port in
      let watchers = try [composed, decomposed].map { room in
        let watcher = try Visitor.joined(port).0
        watcher.send("421[\"join\",\"\(room)\",{\"presence\":true}]")
        #expect(watcher.text?.hasPrefix("431") == true)
        return watcher
      }
      let (guest, id) = try Visitor.joined(port)
      for room in [composed, decomposed] {
        guest.send("421[\"join\",\"\(room)\"]")
        #expect(guest.text?.hasPrefix("431") == true)
      }
      guest.send("41")
      for (watcher, room) in zip(watchers, [composed, decomposed]) {
        #expect(watcher.text.map { Array($0.utf8) } == Array("42[\"relay:left\",\"\(room)\",\"\(id)\"]".utf8))
      }
      withExtendedLifetime(guest) {}
    }
  }

  // MARK: Offsets

  @Test func nobodyMakesUpAnOffset() async throws {
    try await relaying { io, port in
      let (client, stranger) = (try Returner(port), try Returner(port))
      io.emit("one")
      #expect(client.next == #"42["one"]"#)
      let parts = try #require(client.offset).split(separator: "-")
      let position = try #require(UInt64(parts[0], radix: 36))
      // The place of what will be sent while the client is away.
      stranger.send("42[\"relay\",{\"volatile\":true},\"v\",\"\(String(position + 3, radix: 36))-\(parts[1])\"]")
      #expect(client.next == #"42["v"]"#)
      client.cut()
      for number in 0..<4 { io.emit("missed", number) }
      // Nobody can say what it has, so it must not be told that it has missed nothing.
      #expect(try !client.comeBack())
    }
  }

  // MARK: Much to read

  private func packet(_ position: UInt64, to rooms: [String]) -> KeptPacket {
    let message = Message(content: .plain(ByteBuffer(string: "x"), .text))
    return KeptPacket(message, to: Target(rooms: rooms), at: PacketOffset(position: position, signature: 1))
  }

  @Test func howManyRoomsAClientHasLeftDoesNotMatter() {
    let names = (0..<128).map { "a room that nobody is in \($0)" }
    let packets = (1000..<1020).map { packet($0, to: names) }
    let times = [1, 256].map { count in
      var history = SessionHistory(sid: "me", start: 0)
      for room in 0..<count {
        history.joined("a room that was left \(room)", at: 1)
        history.left("a room that was left \(room)", at: 2, limit: 256)
      }
      return (0..<5).map { _ in
        ContinuousClock().measure { for packet in packets { #expect(!history.includes(packet)) } }
      }.min() ?? .zero
    }
    #expect(times[1] < times[0] * 8, "\(times)")
  }

  /// Against a list of all stays.
  @Test func formerRoomsAreThoseOfAList() {
    var random = Seeded(11)
    for _ in 0..<200 {
      var history = SessionHistory(sid: "me", start: 0)
      var list: [(room: String, from: UInt64, until: UInt64)] = []
      var ends: [String: UInt64] = [:]
      var position: UInt64 = 1
      for _ in 0..<30 {
        let room = ["a", "b", composed, decomposed].randomElement(using: &random)!
        position += .random(in: 1...3, using: &random)
        let key = "\(Array(room.utf8))"
        let from = UInt64.random(in: ends[key, default: 0]..<position, using: &random)
        ends[key] = position
        history.joined(room, at: from)
        history.left(room, at: position, limit: 12)
        list.append((room, from, position))
      }
      for position in history.former.forgotten + 1...position + 2 {
        for room in ["a", "b", composed, decomposed] {
          let isIn = list.contains {
            $0.room.utf8.elementsEqual(room.utf8) && $0.from < position && position <= $0.until
          }
          #expect(history.includes(packet(position, to: [room])) == isIn)
        }
      }
    }
  }

  @Test func whileMuchIsReadTheLoopServesOthers() async throws {
    try await relaying(loops: 1) { io, port in
      let memory = io.sockets.memory
      let client = try Returner(port)
      client.cut()
      try await io.isGone(client.sid)
      let rooms = (0..<128).map { "room \($0)" }
      for _ in 0..<400 { io.to(rooms).emit("busy") }
      let session = try #require(await memory.claim(pid: client.pid, offset: nil))
      let (notes, loop) = (Notes(), io.hubs[0].loop)
      @Sendable func turn() {
        notes.add("turn")
        if notes.all.count < 1_000, !notes.all.contains("read") { loop.submitForLater(turn) }
      }
      loop.submit {
        turn()
        Task(executorPreference: loop) { notes.add(await memory.replay(of: session) == nil ? "lost" : "read") }
      }
      while !notes.all.contains("read"), !notes.all.contains("lost") { try await Task.sleep(for: .milliseconds(5)) }
      // 51 200 names, of which a turn looks at 4096.
      #expect(notes.all.prefix { $0 == "turn" }.count > 10, "\(notes.all)")
    }
  }
}
