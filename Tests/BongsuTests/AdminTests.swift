import BongsuTestKit
import Foundation
import NIOCore
import Testing

@testable import Bongsu

/// What the page is told and may do.
@Suite struct AdminTests {
  private static var options: AdminUI {
    var options = AdminUI(.unprotected)
    options.serverID = "one"
    return options
  }

  private func withAdmin(
    _ change: (inout AdminUI) -> Void = { _ in }, parser: Parser = .default, configure: (Server) -> Void = { _ in },
    test: (TestServer, TestClient) async throws -> Void
  ) async throws {
    var options = Self.options
    change(&options)
    var configuration = Configuration.quiet
    configuration.parser = parser
    try await withTestServer(configuration) { io in
      try io.instrument(options)
      configure(io)
    } test: { server in
      let page = try await server.connect("/admin")
      try await page.expect("config")
      if options.mode == .development { try await page.expect("all_sockets") }
      try await test(server, page)
    }
  }

  /// An event's arguments, as `JSONSerialization` reads them.
  private func values(_ event: TestEvent) throws -> [Any] {
    let json = Data("[\(String(buffer: event.arguments.elements))]".utf8)
    return try #require(try JSONSerialization.jsonObject(with: json) as? [Any])
  }

  private func object(_ value: Any?) throws -> [String: Any] { try #require(value as? [String: Any]) }

  private func isTime(_ value: Any?) -> Bool {
    (value as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil
  }

  private static let keys: Set = ["id", "clientId", "transport", "nsp", "data", "handshake", "rooms"]
  private static let handshakeKeys: Set = [
    "address", "headers", "query", "issued", "secure", "time", "url", "xdomain",
  ]

  private func check(_ value: Any?, _ client: TestClient) throws {
    let socket = try object(value)
    #expect(Set(socket.keys) == Self.keys)
    #expect(socket["id"] as? String == client.id && socket["transport"] as? String == "websocket")
    #expect((socket["clientId"] as? String)?.count == 12 && socket["nsp"] as? String == client.namespace)
    #expect(socket["rooms"] as? [String] == [client.id])
    let handshake = try object(socket["handshake"])
    #expect(Set(handshake.keys) == Self.handshakeKeys)
    let headers = try object(handshake["headers"])
    #expect(headers["cookie"] as? String == "(hidden)" && headers["x-more"] as? String == "(10000 bytes)")
    #expect(handshake["address"] as? String == "1.2.3.4" && handshake["secure"] as? Bool == false)
    #expect(try object(handshake["query"])["EIO"] as? String == "4")
  }

  private func client(_ server: TestServer, _ namespace: String = "/") async throws -> TestClient {
    let headers = [("Cookie", "session=1"), ("X-Forwarded-For", "1.2.3.4")]
    return try await server.connect(namespace, headers: headers + [("X-More", String(repeating: "x", count: 10_000))])
  }

  @Test func aClientsWholeLifeIsSeen() async throws {
    try await withAdmin(
      { $0.shownBytes = 5_000 },
      configure: { io in
        _ = io.of(/^\/room-\d$/)
      }
    ) { server, page in
      for namespace in ["/", "/room-1"] {
        let client = try await client(server, namespace)
        let connected = try values(try await page.expect("socket_connected"))
        #expect(connected.count == 2 && isTime(connected.last))
        try check(connected[0], client)
        let own = try values(try await page.expect("room_joined"))
        #expect(own.strings == [namespace, client.id, client.id] && isTime(own.last))
        server.io.of(namespace).socketsJoin("red")
        let joined = try values(try await page.expect("room_joined"))
        #expect(joined.strings == [namespace, "red", client.id])
        client.disconnect()
        var rooms: Set<String> = []
        for _ in 0..<2 {
          let left = try values(try await page.expect("room_left"))
          #expect(left.count == 4 && left.strings.first == namespace && left.strings.last == client.id)
          rooms.insert(left.strings[1])
        }
        #expect(rooms == [client.id, "red"])
        let gone = try values(try await page.expect("socket_disconnected"))
        #expect(gone.strings == [namespace, client.id, "client namespace disconnect"])
        #expect(isTime(gone.last))
      }
    }
  }

  @Test func aPageThatComesIsToldOfAllSockets() async throws {
    try await withAdmin { server, page in
      let client = try await server.connect()
      try await page.expect("socket_connected")
      let other = try await server.connect("/admin")
      let all = try values(try await other.expect("all_sockets"))
      let sockets = try #require(all.first as? [[String: Any]])
      #expect(all.count == 1 && Set(sockets.compactMap { $0["id"] as? String }) == [client.id, page.id, other.id])
      #expect(sockets.allSatisfy { Set($0.keys) == Self.keys })
    }
  }

  @Test func theListOfAllSocketsIsBounded() async throws {
    try await withAdmin({ $0.listedBytes = 20_000 }) { server, page in
      let headers = (0..<60).map { ("X-\($0)", String(repeating: "\"", count: 180)) }
      var clients: [TestClient] = []
      for _ in 0..<20 { clients.append(try await server.connect(headers: headers)) }
      server.io.to([]).socketsJoin((0..<200).map { "room number \($0)" })
      let other = try await server.connect("/admin")
      let all = try await other.expect("all_sockets")
      #expect(all.description.utf8.count < 20_100)
      let sockets = try #require(try values(all).first as? [[String: Any]])
      #expect((4..<clients.count).contains(sockets.count))
      for socket in sockets where socket["nsp"] as? String == "/" {
        let shown = try #require(try object(object(socket["handshake"])["headers"]) as? [String: String])
        let rooms = try #require(socket["rooms"] as? [String])
        #expect(shown["…"]?.hasSuffix(" more)") == true && shown.count < 10, "\(shown)")
        #expect(rooms.last == "… (\(201 - rooms.count + 1) more)")
      }
    }
  }

  @Test func whatChangesAboutASocketIsTold() async throws {
    try await withAdmin(configure: { io in
      io.on("connection") { socket in
        socket.on("name") { (name: String) in socket.data["name"] = name }
      }
    }) { server, page in
      let client = try await server.connect(by: .polling)
      let connected = try values(try await page.expect("socket_connected"))
      #expect(try object(connected[0])["transport"] as? String == "polling")
      try client.emit("name", "Bora")
      let changed = try values(try await page.expect("socket_updated"))
      #expect(changed.count == 1)
      let update = try object(changed[0])
      #expect(Set(update.keys) == ["id", "nsp", "data"] && update["id"] as? String == client.id)
      #expect(update["data"] as? [String: String] == ["name": "Bora"])
    }
  }

  @Test(arguments: [false, true]) func everyEventIsToldButThoseOfThePages(packed: Bool) async throws {
    try await withAdmin(
      parser: packed ? .msgpack : .default,
      configure: { io in
        io.on("connection") { socket in
          socket.on("say") { (text: String, ack: Ack) in
            socket.emit("said", text, 1)
            ack()
          }
        }
      }
    ) { server, page in
      let client = try await server.connect()
      _ = try await client.emitWithAck("say", "grüezi")
      let received = try values(try await page.expect("event_received"))
      #expect(received.strings == ["/", client.id] && isTime(received.last))
      #expect(received.count == 4 && received[2] as? [String] == ["say", "grüezi"])
      let sent = try await page.expect("event_sent")
      #expect(sent.description.contains(#"["said","grüezi",1]"#))
      try client.emit("say", String(repeating: "x", count: 20_000))
      #expect(try await page.expect("event_received").description.contains(#"["say","(2000"#))
      try page.emit("nonsense")
      await server.clock.settle()
      #expect(!page.pending.contains { $0.description.contains("nonsense") })
    }
  }

  @Test func onlySoManyEventsAreToldInASecond() {
    let (budget, now) = (AdminBudget(perSecond: 2), ContinuousClock.now + .seconds(5))
    #expect((0..<3).map { _ in budget.allows(now) } == [true, true, false])
    #expect(!budget.allows(now + .milliseconds(999)) && budget.allows(now + .seconds(1)))
  }

  @Test func productionSaysNothingOfClientsAndTheirEvents() async throws {
    try await withAdmin(
      { $0.mode = .production },
      configure: { io in
        io.on("connection") { socket in
          socket.on("say") { (text: String, ack: Ack) in
            // Nobody listens to this socket's events, so none is looked at for the page.
            ack(socket.listenersAny.count + socket.listenersAnyOutgoing.count)
          }
        }
      }
    ) { server, page in
      let client = try await server.connect()
      #expect(try await client.emitWithAck("say", "x").first(Int.self) == 0)
      server.io.socketsJoin("red")
      client.disconnect()
      await server.clock.settle()
      #expect(page.pending.allSatisfy { $0.name == "server_stats" }, "\(page.pending)")
      #expect(server.io.of("/").declared.connectionListeners.count == 1)
    }
  }

  @Test func numbersComeAgainAndAgain() async throws {
    try await withAdmin({ $0.mode = .production }) { server, page in
      let first = try object(values(try await page.expect("server_stats")).first)
      #expect(
        Set(first.keys) == [
          "serverId", "hostname", "pid", "uptime", "clientsCount", "pollingClientsCount", "aggregatedEvents",
          "namespaces",
        ])
      #expect(first["serverId"] as? String == "one" && first["clientsCount"] as? Int == 1)
      #expect(first["pid"] as? Int == Int(ProcessInfo.processInfo.processIdentifier))
      let (client, polling) = (try await server.connect(), try await server.connect(by: .polling))
      try client.emit("hello")
      client.engine.cut()
      await server.clock.advance(by: .seconds(2))
      let second = try object(values(try await page.expect("server_stats")).first)
      #expect(second["clientsCount"] as? Int == 2 && second["pollingClientsCount"] as? Int == 1)
      let namespaces = try #require(second["namespaces"] as? [[String: Any]])
      #expect(namespaces.map { $0["name"] as? String } == ["/", "/admin"])
      #expect(namespaces.map { $0["socketsCount"] as? Int } == [1, 1])
      let events = try #require(second["aggregatedEvents"] as? [[String: Any]])
      let counts = Dictionary(
        events.map { ("\($0["type"]!) \($0["subType"] ?? "")", $0["count"] as? Int ?? 0) }, uniquingKeysWith: +)
      #expect(counts["rawConnection "] == 2 && counts["rawDisconnection transport close"] == 1)
      for type in ["packetsIn ", "packetsOut ", "bytesIn ", "bytesOut "] { #expect((counts[type] ?? 0) > 1, "\(type)") }
      #expect(events.allSatisfy { ($0["timestamp"] as? Int ?? 1) % 1000 == 0 })
      _ = polling
    }
  }

  @Test(arguments: [false, true]) func thePageMaySendMoveAndDisconnect(packed: Bool) async throws {
    try await withAdmin({ $0.mode = .production }, parser: packed ? .msgpack : .default) { server, page in
      let (one, two) = (try await server.connect(), try await server.connect())
      try page.emit("join", "/", "red", one.id)
      try page.emit("emit", "/", "red", "hello", 1, ["a": true])
      #expect(try await one.expect("hello").description == #"hello(1,{"a":true})"#)
      try page.emit("emit", "/", String?.none, "everyone")
      for client in [one, two] { try await client.expect("everyone") }
      #expect(!two.pending.contains { $0.name == "hello" })
      try page.emit("leave", "/", "red", one.id)
      try page.emit("emit", "/", "red", "again")
      try page.emit("join", "/", "blue")
      try page.emit("emit", "/", "blue", "both")
      for client in [one, two] { try await client.expect("both") }
      #expect(!one.pending.contains { $0.name == "again" })
      try page.emit("_disconnect", "/", false, one.id)
      #expect(try await one.ended() == .byServer)
      try page.emit("_disconnect", "/", true)
      #expect(try await two.ended() != .byClient)
    }
  }

  @Test func whatThePageSaysWronglyHarmsNobody() async throws {
    try await withAdmin({ $0.mode = .production }) { server, page in
      let client = try await server.connect()
      for command in ["emit", "join", "leave", "_disconnect"] {
        try page.emit(command)
        try page.emit(command, 1, 2, 3)
        try page.emit(command, "/unheard", "red")
        try page.emit(command, ["/"], [String](), "x")
      }
      try page.emit("emit", "/", String?.none, "disconnect")
      try page.emit("join", "/", String(repeating: "r", count: 1_000))
      try page.emit("emit", "/", client.id, "hello")
      try await client.expect("hello")
      #expect(client.pending.isEmpty && server.io.namespaces.existing("/unheard") == nil)
    }
  }

  @Test func aReadOnlyPageChangesNothing() async throws {
    try await withTestServer(.quiet) { io in
      var options = Self.options
      options.isReadOnly = true
      try io.instrument(options)
    } test: { server in
      let page = try await server.connect("/admin")
      let config = try await page.expect("config")
      #expect(config.description == #"config({"supportedFeatures":["AGGREGATED_EVENTS","ALL_EVENTS"]})"#)
      let client = try await server.connect()
      try page.emit("emit", "/", String?.none, "hello")
      try page.emit("join", "/", "red")
      try page.emit("_disconnect", "/", true)
      await server.clock.settle()
      #expect(client.pending.isEmpty && server.io.sockets.sockets.count == 1)
      #expect(try await server.io.in("red").allSockets().isEmpty)
    }
  }

  @Test func clientsThatMakeNamespacesDoNotMakeThisOne() async throws {
    try await withTestServer(.quiet) { io in
      let all = io.of(/.*/)
      all.on("connection") { socket in socket.emit("child") }
      try io.instrument(AdminLoginTests.options)
    } test: { server in
      try await server.connect("/any").expect("child")
      await #expect(throws: TestKitError.connectError(#"{"message":"invalid credentials"}"#)) {
        try await server.connect("/admin")
      }
    }
  }
}

extension [Any] {
  /// Those in front of the last one, or in front of the first that is none.
  fileprivate var strings: [String] { dropLast().prefix { $0 is String }.compactMap { $0 as? String } }
}
