import BongsuTestKit
import Foundation
import NIOCore
import Testing

@testable import Bongsu

/// Middlewares of a socket that change an event.
@Suite struct ChangedEventTests {
  private func withSocket(
    isPacked: Bool = false, notes: Notes = Notes(), _ configure: @escaping @Sendable (Socket) -> Void,
    _ test: (TestClient) async throws -> Void
  ) async throws {
    var configuration = Configuration(loops: 1)
    configuration.parser = isPacked ? .msgpack : .default
    configuration.onError = { notes.add("\($0)") }
    try await withTestServer(configuration) { io in
      io.on("connection") { socket in configure(socket) }
    } test: { server in
      try await test(try await server.connect())
    }
  }

  @Test(arguments: [false, true], [false, true])
  func handlersGetWhatMiddlewaresHaveMadeOfAnEvent(isPacked: Bool, waits: Bool) async throws {
    let notes = Notes()
    try await withSocket(isPacked: isPacked) { socket in
      socket.onAny { notes.add("any \($0.name) \($0.arguments.count)") }
      if waits {
        socket.use { event async throws in
          await Task.yield()
          event.name += "!"
        }
      } else {
        socket.use { event in event.name += "!" }
      }
      socket.use { event in
        notes.add("then \(event.name)")
        event.name = "sum"
        try event.arguments.set(0, to: try event.arguments.decode(at: 0, as: Int.self) * 10)
        try event.arguments.append(2)
      }
      socket.use { event in notes.add("last \(event.name) \(event.arguments.count)") }
      for name in ["add", "add!"] { socket.on(name) { () in notes.add("never") } }
      socket.on("sum") { (a: Int, b: String, c: Int, ack: Ack) in ack(a + c, b) }
    } _: { client in
      let answer = try await client.emitWithAck("add", 4, "kept")
      #expect(try answer.decode(at: 0, as: Int.self) == 42 && answer.decode(at: 1, as: String.self) == "kept")
      #expect(notes.all == ["any add 2", "then add!", "last sum 3"])
    }
  }

  @Test(arguments: [false, true])
  func bytesSurviveAChange(isPacked: Bool) async throws {
    let file = Data([0, 1, 0xFF])
    try await withSocket(isPacked: isPacked) { socket in
      socket.use { event in
        try event.arguments.set(0, to: "renamed")
        if event.name == "remove" { event.arguments.remove(at: 1) }
        if event.name == "add" { try event.arguments.insert(["more": file], at: 0) }
      }
      for name in ["keep", "remove", "add"] {
        socket.on(name) { (all: Arguments, ack: Ack) in ack(all.attachments.count, all) }
      }
    } _: { client in
      let kept = try await client.emitWithAck("keep", "name", file, 1.5)
      #expect(try kept.decode(at: 0, as: Int.self) == 1 && kept.decode(at: 1, as: String.self) == "renamed")
      #expect(try kept.decode(at: 2, as: Data.self) == file && kept.decode(at: 3, as: Double.self) == 1.5)
      let rest = try await client.emitWithAck("remove", "name", file, "end")
      #expect(try rest.decode(at: 0, as: Int.self) == 0 && rest.decode(at: 2, as: String.self) == "end")
      #expect(rest.attachments.isEmpty, "what was taken out is not sent on")
      let more = try await client.emitWithAck("add", "name", ["x": file])
      #expect(try more.decode(at: 0, as: Int.self) == 2)
      #expect(try more.decode(at: 1, as: [String: Data].self) == ["more": file])
      #expect(try more.decode(at: 3, as: [String: Data].self) == ["x": file])
    }
  }

  @Test func whatIsNotTouchedStaysAsItWasSent() async throws {
    let numbers = #"1.0,12345678901234567890123,"\ud800""#
    try await withSocket { socket in
      socket.use { event in event.name = "renamed" }
      socket.use { event in if event.arguments.count > 3 { try event.arguments.set(0, to: Arguments("a", "b")) } }
      socket.on("renamed") { (all: Arguments) in socket.emit("back", all) }
    } _: { client in
      client.engine.send(.text(#"42["x",\#(numbers)]"#))
      let renamed = try await client.expect("back").arguments
      #expect(String(buffer: renamed.elements) == numbers)
      client.engine.send(.text(#"42["x",0,\#(numbers)]"#))
      let changed = try await client.expect("back").arguments
      #expect(String(buffer: changed.elements) == #""a","b","# + numbers)
    }
  }

  @Test func aReservedNameHasNoHandlers() async throws {
    let notes = Notes()
    try await withSocket { socket in
      socket.use { event in event.name = event.name == "a" ? "disconnect" : event.name }
      socket.onError { notes.add("\($0)") }
      socket.on("disconnect") { (reason: Arguments) in notes.add("disconnect \(reason.count)") }
      socket.on("b") { (ack: Ack) in ack() }
    } _: { client in
      try client.emit("a")
      _ = try await client.emitWithAck("b")
      #expect(notes.all == [#""disconnect" is a reserved event name"#])
    }
  }

  @Test func noChangeIsTooBoldForTheProcess() throws {
    var arguments = try Arguments("a")
    #expect(throws: EncodingError.self) { try arguments.set(-1, to: 1) }
    #expect(throws: EncodingError.self) { try arguments.set(.max, to: 1) }
    #expect(throws: EncodingError.self) { try arguments.insert(1, at: 1 << 20) }
    #expect(throws: EncodingError.self) { try arguments.append(JSONBytes(ByteBuffer(string: "{"))) }
    #expect(throws: (any Error).self) { try arguments.decode(at: -1, as: String.self) }
    #expect(throws: (any Error).self) { try arguments.decode(at: 7, as: String.self) }
    arguments.remove(at: 7)
    arguments.remove(at: -1)
    #expect(arguments.elements == ByteBuffer(string: #""a""#))
    try arguments.set(3, to: true)
    #expect(arguments.elements == ByteBuffer(string: #""a",null,null,true"#) && arguments.count == 4)
    arguments.remove(at: 0)
    try arguments.append(Data([7]))
    #expect(arguments.count == 4 && arguments.attachments == [ByteBuffer(bytes: [7])])
    try arguments.set(5, to: try Arguments())
    #expect(try arguments.count == 5 && arguments.decode(at: 4, as: Int?.self) == nil)
  }

  /// Middlewares that only look: as functions, with the type spelled out, and keeping the event for later.
  private func compiles(_ socket: Socket) {
    @Sendable func check(_ event: SocketEvent) throws {}
    @Sendable func wait(for event: SocketEvent) async throws {}
    socket.use(check)
    socket.use(wait(for:))
    socket.use { (event: SocketEvent) in print(event.name) }
    socket.use { event in Task { print(event.name) } }
    socket.use { print($0.name) }
    socket.use { event in try await wait(for: event) }
    socket.use { (event: inout SocketEvent) in event.name = "a" }
    socket.use { $0.name = "a" }
    socket.use { event async throws in event.arguments = try Arguments(1, "two") }
  }
}
