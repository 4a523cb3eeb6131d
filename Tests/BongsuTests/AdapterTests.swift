import BongsuSocketIO
import Foundation
import NIOCore
import NIOConcurrencyHelpers
import Synchronization
import Testing

@testable import Bongsu

/// Servers that hand each other everything, as an adapter over a broker does: what Redis adapters need can be done.
private final class Bridge: Sendable {
  private let sides = NIOLockedValueBox<[Side]>([])

  func side(_ local: MemoryAdapter) -> any Adapter {
    let side = Side(local, self)
    sides.withLockedValue { $0.append(side) }
    return side
  }

  func others(than side: Side) -> [Side] { sides.withLockedValue { $0 }.filter { $0 !== side && $0.name == side.name } }

  final class Side: Adapter {
    let local: MemoryAdapter
    private unowned let bridge: Bridge
    let isStarted = Atomic<Bool>(false)

    init(_ local: MemoryAdapter, _ bridge: Bridge) { (self.local, self.bridge) = (local, bridge) }

    var name: String { local.namespace }
    private var all: [MemoryAdapter] { [local] + others.map(\.local) }
    private var others: [Side] { bridge.others(than: self) }

    /// As over a wire: the event's bytes and names only.
    private func copy(_ packet: Packet) -> Packet {
      Packet(packet.event, namespace: name, isVolatile: packet.isVolatile, isCompressed: packet.isCompressed)
    }

    private func copy(_ target: Target) -> Target { Target(rooms: target.rooms, except: target.exceptWithSender) }

    func start() { isStarted.store(true, ordering: .relaxed) }
    func close() { isStarted.store(false, ordering: .relaxed) }
    var serverCount: Int { get async throws { others.count + 1 } }

    func broadcast(_ packet: Packet, to target: Target) {
      local.broadcast(packet, to: target)
      for other in others { other.local.broadcast(copy(packet), to: copy(target)) }
    }

    func broadcastWithAck(_ packet: Packet, to target: Target, collecting answers: AckCollector) {
      local.broadcastWithAck(packet, to: target, collecting: answers)
      for other in others { other.local.broadcastWithAck(copy(packet), to: copy(target), collecting: answers) }
    }

    func sockets(in target: Target) async throws -> Set<String> {
      var ids: Set<String> = []
      for adapter in all { ids.formUnion(try await adapter.sockets(in: copy(target))) }
      return ids
    }

    func fetchSockets(in target: Target) async throws -> [RemoteSocket] {
      var found: [RemoteSocket] = []
      for adapter in all { found += try await adapter.fetchSockets(in: copy(target)) }
      return found
    }

    func addSockets(_ target: Target, to rooms: [String]) { for one in all { one.addSockets(copy(target), to: rooms) } }
    func delSockets(_ target: Target, from rooms: [String]) {
      for adapter in all { adapter.delSockets(copy(target), from: rooms) }
    }
    func disconnectSockets(_ target: Target, close: Bool) {
      for adapter in all { adapter.disconnectSockets(copy(target), close: close) }
    }

    func persistSession(_ session: SavedSession) { local.persistSession(session) }

    func restoreSession(
      pid: String, offset: String?
    ) async throws -> (session: SavedSession, missed: [Packet])? {
      guard let (session, missed) = await local.restoreSession(pid: pid, offset: offset) else { return nil }
      if offset != nil { return (session, missed) }
      // As an adapter with a log of its own has it.
      let bare = SavedSession(sid: session.sid, pid: session.pid, rooms: session.rooms, data: session.data)
      return (bare, missed.map(copy))
    }

    func serverSideEmit(_ event: Arguments) throws { for other in others { other.local.receivedServerSide(event) } }

    func serverSideEmitWithAck(_ event: Arguments) async throws -> [Arguments] {
      let answers = NIOLockedValueBox<[Arguments]>([])
      for other in others {
        await withCheckedContinuation { continuation in
          other.local.receivedServerSide(event) { answer in
            answers.withLockedValue { $0.append(answer) }
            continuation.resume()
          }
        }
      }
      return answers.withLockedValue { $0 }
    }
  }
}

@Suite(.serialized) struct AdapterTests {
  /// Two servers with two loops each, and a client of each.
  private func withTwoServers(
    _ test: (_ servers: [Server], _ visitors: [(Visitor, id: String)]) async throws -> Void
  ) async throws {
    let bridge = Bridge()
    let join: (Server) -> Void = { io in
      io.on("connection") { socket in
        socket.join("room")
        socket.data["server"] = "here"
        socket.on("tell") { (text: String) in socket.to("room").emit("told", text) }
        socket.on("local") { () in socket.local.emit("local") }
      }
      io.onServerSide("sum") { (one: Int, other: Int, ack: Ack) in ack(one + other) }
    }
    try await serving(loops: 2, { $0.adapter = { bridge.side($0) } }, join) { one, onePort in
      try await serving(loops: 2, { $0.adapter = { bridge.side($0) } }, join) { two, twoPort in
        try await test([one, two], [try Visitor.joined(onePort), try Visitor.joined(twoPort)])
      }
    }
  }

  @Test func whatOneServerSaysIsHeardOnTheOther() async throws {
    try await withTwoServers { servers, visitors in
      let ((one, oneID), (two, twoID)) = (visitors[0], visitors[1])
      servers[0].emit("all", Data([1]))
      for visitor in [one, two] {
        #expect(visitor.text == #"451-["all",{"_placeholder":true,"num":0}]"# && visitor.frame() == .binary([1]))
      }
      one.send(#"42["tell","ü"]"#)
      #expect(two.text == #"42["told","ü"]"#)
      servers[0].to(twoID).emit("to id")
      #expect(two.text == #"42["to id"]"#)
      servers[1].except(twoID).emit("except")
      #expect(one.text == #"42["except"]"#)
      two.send(#"42["local"]"#)
      servers[0].local.emit("mine")
      #expect(one.text == #"42["mine"]"#)
      servers[1].emit("end")
      #expect(one.text == #"42["end"]"# && two.text == #"42["end"]"#)
      let ids = try await servers[0].allSockets()
      #expect(ids == [oneID, twoID])
    }
  }

  @Test func socketsOfTheOtherServerAreFoundAndMoved() async throws {
    try await withTwoServers { servers, visitors in
      let ((one, _), (two, twoID)) = (visitors[0], visitors[1])
      let found = try #require(try await servers[0].in(twoID).fetchSockets().first)
      #expect(found.rooms == [twoID, "room"] && found.data["server"] == "here")
      servers[0].in(twoID).socketsJoin("new")
      servers[0].to("new").emit("new")
      #expect(two.text == #"42["new"]"#)
      found.leave("new")
      servers[0].in("new").emit("nobody")
      found.emit("direct")
      #expect(two.text == #"42["direct"]"#)
      servers[0].in("room").disconnectSockets(true)
      for visitor in [one, two] { #expect(visitor.text == "41" && visitor.frame() == .emptyClose) }
    }
  }

  @Test func clientsOfBothServersAnswer() async throws {
    try await withTwoServers { servers, visitors in
      for (visitor, id) in visitors { visitor.answers(#"420["ask"]"#, with: ["430[\"\(id)\"]"]) }
      let given: [String] = try await servers[0].in("room").timeout(.seconds(5)).emitWithAck("ask")
      #expect(Set(given) == Set(visitors.map(\.id)))
    }
  }

  @Test func serversAnswerEachOther() async throws {
    try await withTwoServers { servers, _ in
      let sums: [Int] = try await servers[0].serverSideEmitWithAck("sum", 1, 2)
      #expect(sums == [3])
    }
  }

  /// By the `MemoryAdapter`'s log, or by what the adapter itself has.
  @Test(arguments: [true, false]) func anAdapterLetsClientsComeBack(_ hasOffset: Bool) async throws {
    let bridge = Bridge()
    let change: (inout Configuration) -> Void = {
      $0.adapter = { bridge.side($0) }
      $0.connectionStateRecovery = ConnectionStateRecovery()
    }
    try await serving(loops: 2, change) { io in
      io.on("connection") { socket in if !socket.recovered { socket.join("room") } }
    } _: { one, port in
      try await serving(loops: 2, change) { _ in
      } _: { two, _ in
        let client = try Returner(port)
        two.to("room").emit("first")
        #expect(client.next == #"42["first"]"#)
        if !hasOffset { client.offset = nil }
        client.cut()
        two.to("room").emit("second")
        one.emit("third")
        #expect(try client.comeBack())
        #expect(client.missed.suffix(2) == [#"42["second"]"#, #"42["third"]"#])
        two.to("room").emit("fourth")
        #expect(client.next == #"42["fourth"]"#)
      }
    }
  }

  @Test func whoeverIsInTheRoomOfAClientThatWasKeptElsewhereLeavesIt() async throws {
    let bridge = Bridge()
    try await serving(loops: 2) {
      $0.adapter = { bridge.side($0) }
      $0.connectionStateRecovery = ConnectionStateRecovery()
    } _: { _ in
    } _: { io, port in
      let (client, strangers) = (try Returner(port), try (0..<6).map { _ in try Returner(port) })
      client.cut()
      try await io.isGone(client.sid)
      // Where nothing is known of the session, the id is a name like any other.
      io.socketsJoin(client.sid)
      for stranger in strangers {
        io.to(client.sid).emit("to all")
        #expect(stranger.next == #"42["to all"]"#)
      }
      // Without an offset, as from a log elsewhere.
      #expect(try client.comeBack())
      io.to(client.sid).emit("secret")
      io.emit("end")
      #expect(client.next == #"42["secret"]"#)
      for stranger in strangers {
        for _ in 1..<strangers.count { #expect(stranger.next == #"42["to all"]"#) }
        #expect(stranger.next == #"42["end"]"#)
      }
    }
  }

  @Test func packetsAndArgumentsGoBackAndForth() throws {
    let event = Arguments(ByteBuffer(string: #""name",{"a":[1]},"x""#), attachments: [])
    #expect(event.count == 3)
    let packet = Packet(event, namespace: "/ns", isVolatile: true)
    #expect(String(buffer: packet.event.elements) == #""name",{"a":[1]},"x""# && packet.isVolatile)
    guard case .event(let other) = try packet.inNamespace("/other").message(parser: .default).content else {
      Issue.record("another form")
      return
    }
    #expect(other.string.hasPrefix("42/other,"))
    let (name, rest) = try #require(event.splitName())
    #expect(name == "name" && rest.count == 2 && String(buffer: rest.onlyFirst.elements) == #"{"a":[1]}"#)
    #expect(Arguments(ByteBuffer(), attachments: []).splitName() == nil)
  }

  @Test func packetsCrossFromServersOfOneParserToThoseOfAnother() throws {
    let json = Arguments(ByteBuffer(string: #""name",{"a":[1]},"x""#), attachments: [])
    let packed = try Packet(json, namespace: "/ns").message(parser: .msgpack).elements
    #expect(packed.notation == .messagePack && packed.count == 3 && packed.byteCount == 12)
    let (name, rest) = try #require(packed.splitName())
    #expect(name == "name" && rest.count == 2 && String(buffer: rest.onlyFirst.elements) == #"{"a":[1]}"#)
    #expect(try rest.onlyFirst.decodeFirst([String: [Int]].self) == ["a": [1]])
    let asking = try Packet(packed, namespace: "/ns").message(asking: 7, namespace: "/ns", parser: .default)
    #expect(try asking.event(namespace: "", parser: .default).string == #"42/ns,7["name",{"a":[1]},"x"]"#)
  }
}
