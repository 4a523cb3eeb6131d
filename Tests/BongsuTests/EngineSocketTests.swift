import BongsuReactor
import BongsuTestKit
import Foundation
import Testing

@testable import Bongsu

/// What lies below a socket: `conn` and `client`. Real sockets block their threads: one test at a time.
@Suite(.serialized) struct EngineSocketTests {
  private static let webSocket = "/socket.io/?EIO=4&transport=websocket"

  @Test(arguments: [Transport.webSocket, .polling])
  func aSocketKnowsItsSession(transport: Transport) async throws {
    let notes = Notes()
    try await withTestServer { io in
      for namespace in [io.sockets, io.of("/other")] {
        namespace.on("connection") { socket in
          let (conn, client) = (socket.conn, socket.client)
          #expect(conn == client.conn && conn.id == client.id && conn.id != socket.id && conn.server === io)
          #expect(conn.protocol == 4 && conn.readyState == .open && !conn.upgraded)
          #expect(conn.transport.name == transport && (conn.transport.writable || transport == .polling))
          #expect(conn.remoteAddress == "127.0.0.1" && socket.request.query("EIO") == "4")
          #expect(client.request.query("name") == "bongsu" && client.request.header("host") != nil)
          #expect(client.sockets[namespace.name] === socket && !socket.disconnected && namespace.server === io)
          socket.on("namespaces") { (ack: Ack) in ack(client.sockets.keys.sorted()) }
          socket.on("disconnect") { () in notes.add("\(conn.readyState) \(socket.disconnected)") }
        }
      }
    } test: { server in
      let client = try await server.connect(by: transport, query: "name=bongsu")
      let other = try await client.join("/other")
      let names = try await other.emitWithAck("namespaces").decode(at: 0, as: [String].self)
      #expect(names == ["/", "/other"])
      client.engine.cut()
      #expect(try await notes.lines(2) == ["closed true", "closed true"])
    }
  }

  @Test(arguments: [Transport.webSocket, .polling])
  func listenersHearOfEveryPacketInTheReferencesOrder(transport: Transport) async throws {
    let notes = Notes()
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.conn.noteAll(notes)
        socket.on("echo") { (text: String) in
          notes.add("handler")
          socket.emit("echoed", text)
        }
        socket.on("all") { () in io.emit("heard") }
        socket.on("end") { () in socket.conn.close() }
        socket.on("disconnect") { (reason: String) in notes.add("disconnect \(reason)") }
      }
    } test: { server in
      let client = try await server.connect(by: transport)
      await server.clock.settle()
      _ = notes.take()
      try client.emit("echo", "a")
      try await client.expect("echoed")
      await server.clock.advance(by: .milliseconds(1))
      let came = [#"packet message 2["echo","a"]"#, #"message 2["echo","a"]"#, #"data 2["echo","a"]"#, "handler"]
      let left = [#"packetCreate message 2["echoed","a"]"#, #"flush message 2["echoed","a"]"#, "drain"]
      #expect(notes.take() == came + left)
      try client.emit("all")
      try await client.expect("heard")
      await server.clock.advance(by: .milliseconds(1))
      let heard = [#"packetCreate message 2["heard"]"#, #"flush message 2["heard"]"#, "drain"]
      #expect(notes.take().suffix(3) == heard)
      await server.clock.advance(by: .seconds(25))
      #expect(notes.take() == ["packetCreate ping", "flush ping", "drain", "packet pong", "heartbeat"])
      try client.emit("end")
      _ = try await client.ended()
      #expect(notes.take().suffix(2) == ["disconnect forced close", "close forced close"])
      #expect(await server.io.listenerCount == 0)
    }
  }

  /// A client that has joined `/` by polling, and has just gone over to this WebSocket.
  private func upgraded(_ port: UInt16) throws -> Visitor {
    let visitor = try Visitor(port: port)
    let polling = "/socket.io/?EIO=4&transport=polling"
    let sid = visitor.request("GET \(polling)").sid
    #expect(visitor.request("POST \(polling)&sid=\(sid)", body: "40").body == "ok")
    let probe = try Visitor(port: port)
    #expect(probe.upgrade("\(Self.webSocket)&sid=\(sid)").status == 101)
    probe.send("2probe")
    #expect(probe.text == "3probe")
    probe.send("5")
    return probe
  }

  @Test func anUpgradeIsHeardOf() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        #expect(socket.conn.transport == (.polling, false), "no poll waits")
        socket.conn.noteAll(notes)
        socket.emit("waits")
        socket.on("how") { (ack: Ack) in ack(socket.conn.upgraded, socket.conn.transport.name.rawValue) }
      }
    } _: { _, port in
      let probe = try upgraded(port)
      #expect(probe.text?.hasPrefix("40") == true && probe.text == #"42["waits"]"#)
      probe.send(#"420["how"]"#)
      #expect(probe.text == #"430[true,"websocket"]"#)
      let before = Array(notes.all.prefix { !$0.hasPrefix("packet message") })
      #expect(before.first == #"packetCreate message 2["waits"]"#)
      let upgrades = [
        "upgrading websocket", "upgrade websocket", "flush message 0", "drain", #"flush message 2["waits"]"#, "drain",
      ]
      #expect(before.dropFirst().map { $0.hasPrefix("flush message 0") ? "flush message 0" : $0 } == upgrades)
    }
  }

  @Test func whatAListenerSendsAtAnUpgradeComesBehindWhatWaited() async throws {
    try await serving { io in
      io.on("connection") { socket in
        socket.conn.on(.upgrade) { _ in socket.emit("upgraded") }
        for number in 0..<3 { socket.emit("waits", number) }
      }
    } _: { _, port in
      let probe = try upgraded(port)
      #expect(probe.text?.hasPrefix("40") == true)
      for number in 0..<3 { #expect(probe.text == #"42["waits",\#(number)]"#) }
      #expect(probe.text == #"42["upgraded"]"#)
    }
  }

  @Test func clientsOfVersion3PingByThemselves() async throws {
    let notes = Notes()
    try await serving {
      $0.engine.allowEIO3 = true
    } _: { io in
      io.on("connection") { socket in
        #expect(socket.conn.protocol == 3)
        socket.conn.noteAll(notes)
      }
    } _: { _, port in
      let visitor = try Visitor(port: port)
      #expect(visitor.upgrade("/socket.io/?EIO=3&transport=websocket").status == 101)
      #expect(visitor.text?.hasPrefix("0{") == true && visitor.text == "40")
      visitor.send("2")
      #expect(visitor.text == "3")
      let lines = try await notes.lines(5)
      #expect(lines.suffix(5) == ["packet ping", "packetCreate pong", "flush pong", "drain", "heartbeat"])
    }
  }

  @Test(arguments: [Transport.webSocket, .polling])
  func aMessageMayBeSentBelowSocketIO(transport: Transport) async throws {
    let notes = Notes()
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.on("go") { () in
          socket.conn.send("below") { notes.add("sent") }
          socket.conn.write(.binary([1, 2]))
        }
        socket.on("leave") { () in socket.conn.close(true) }
      }
    } test: { server in
      let (client, _) = try await server.open(by: transport)
      client.send("40")
      _ = try await client.next()
      client.send(#"42["go"]"#)
      try await client.expect("4below")
      #expect(try await client.next() == .binary([1, 2]))
      await server.clock.advance(by: .milliseconds(1))
      #expect(notes.all == ["sent"])
      client.send(#"42["leave"]"#)
      _ = try await client.ended()
      #expect(server.io.clientsCount == 0)
    }
  }

  @Test func whatIsNotToBeCompressedIsNot() async throws {
    try await serving {
      $0.compression = .shared(threshold: 0)
      $0.engine.onConnection = { conn in
        conn.send(.text(String(repeating: "x", count: 99)))
        conn.send(.text(String(repeating: "x", count: 99)), compress: false)
      }
    } _: { _ in
    } _: { _, port in
      let visitor = try Visitor(port: port)
      let key = ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
      let upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Extensions: permessage-deflate"]
      #expect(visitor.request("GET \(Self.webSocket)", headers: upgrade + key).status == 101)
      _ = visitor.frame()
      #expect(visitor.frame()?.first == 0xC1 && visitor.frame()?.first == 0x81)
    }
  }

  @Test func theEngineItselfHearsOfAllSessions() async throws {
    let notes = Notes()
    try await serving {
      $0.engine.onConnection = { conn in
        notes.add("connection \(conn.transport.name) \(conn.readyState)")
        conn.once(.message) { notes.add("once \($0)") }
        let never = conn.on(.message) { _ in notes.add("never") }
        conn.off(never)
      }
      $0.engine.onFlush = { conn, packets in
        notes.add("flush \(packets.map(\.type.rawValue).joined(separator: " ")) \(conn.id.count)")
      }
      $0.engine.onDrain = { _ in notes.add("drain") }
    } _: { io in
      let route = EngineRoute(path: "/engine.io", text: { $0.send(text: $1) }, binary: { $0.send(binary: $1) })
      io.engine(route)
    } _: { _, port in
      let visitor = try Visitor(port: port)
      #expect(visitor.upgrade("/engine.io/?EIO=4&transport=websocket").status == 101)
      _ = visitor.frame()
      visitor.send("4a")
      visitor.send("4b")
      #expect(visitor.text == "4a" && visitor.text == "4b")
      let lines = try await notes.lines(8)
      let opening = ["flush open 20", "drain", "connection webSocket open", "once text(\"a\")"]
      #expect(lines == opening + ["flush message 20", "drain", "flush message 20", "drain"])
    }
  }

  /// Whoever is not listened to has nothing of it.
  @Test func onlyThoseWithListenersAreLookedAfter() async throws {
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.on("listen") { (ack: Ack) in
          socket.conn.on(.heartbeat) {}
          ack()
        }
      }
    } test: { server in
      let clients = [try await server.connect(), try await server.connect(), try await server.connect()]
      _ = try await clients[1].emitWithAck("listen")
      #expect(await server.io.listenerCount == 1)
    }
  }
}

extension EngineSocket {
  /// Notes all that can be heard.
  fileprivate func noteAll(_ notes: Notes) {
    on(.packet) { notes.add("packet \($0.noted)") }
    on(.packetCreate) { notes.add("packetCreate \($0.noted)") }
    on(.message) { notes.add("message \($0.noted)") }
    on(.data) { notes.add("data \($0.noted)") }
    on(.heartbeat) { notes.add("heartbeat") }
    on(.upgrading) { notes.add("upgrading \($0.rawValue)") }
    on(.upgrade) { notes.add("upgrade \($0.rawValue)") }
    on(.flush) { notes.add("flush \($0.map(\.noted).joined(separator: ", "))") }
    on(.drain) { notes.add("drain") }
    on(.close) { reason, description in
      #expect(!description.isEmpty)
      notes.add("close \(reason)")
    }
  }
}

extension EngineSocket.Packet {
  fileprivate var noted: String { type.rawValue + (data.map { " \($0.noted)" } ?? "") }
}

extension EngineMessage {
  fileprivate var noted: String {
    switch self {
    case .text(let text): text
    case .binary(let bytes): "\(bytes)"
    }
  }
}

extension Server {
  /// Sessions that somebody listens to, on all loops.
  fileprivate var listenerCount: Int {
    get async {
      await withCheckedContinuation { continuation in
        let counts = Gathering<Int> { continuation.resume(returning: $0.reduce(0, +)) }
        for hub in hubs { hub.loop.submit { counts.add(hub.value.engineListeners.count) } }
      }
    }
  }
}
