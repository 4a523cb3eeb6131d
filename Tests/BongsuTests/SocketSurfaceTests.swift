import BongsuReactor
import BongsuTestKit
import Foundation
import NIOCore
import Testing

@testable import Bongsu

/// What a socket offers besides events and rooms.
@Suite(.serialized) struct SocketSurfaceTests {
  private struct Denied: Error {}

  @Test func listenersToAnyEventHearThemInOrderAndBeforeHandlers() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        socket.onAny { notes.add("any \($0.name) \(String(buffer: $0.arguments.elements))") }
        socket.prependAny { notes.add("first \($0.name)") }
        let gone = socket.onAny { _ in notes.add("never") }
        socket.offAny(gone)
        #expect(socket.listenersAny.count == 2 && !socket.listenersAny.contains(gone))
        socket.use { notes.add("use \($0.name)") }
        socket.on("a") { (number: Int) in
          notes.add("handler \(number)")
          socket.offAny()
          #expect(socket.listenersAny.isEmpty)
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send(#"42["a",1,"x"]"#)
      visitor.send(#"42["a",2]"#)
      let lines = try await notes.lines(6)
      #expect(lines == ["first a", #"any a 1,"x""#, "use a", "handler 1", "use a", "handler 2"])
    }
  }

  @Test func aHandlerThatSaysNothingOfItsArgumentsPassesAllOn() async throws {
    try await serving { io in
      io.on("connection") { socket in
        socket.on("say") { socket.emit("said", $0) }
        socket.on("say") { (all: Arguments) in socket.emit("said", all.count, all) }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      for arguments in ["1,{\"a\":[2]}", "\"\(String(repeating: "x", count: 100))\""] {
        visitor.send("42[\"say\",\(arguments)]")
        #expect(visitor.text == "42[\"said\",\(arguments)]")
        #expect(visitor.text == "42[\"said\",\(arguments.hasPrefix("1") ? 2 : 1),\(arguments)]")
      }
      visitor.send(#"42["say"]"#)
      #expect(visitor.text == #"42["said"]"#)
      #expect(visitor.text == #"42["said",0]"#)
    }
  }

  @Test func aSocketThatLeavesNeedNotBeTakenOut() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        socket.join("room")
        socket.on("disconnecting") { (reason: String) in
          notes.add("\(socket.connected) \(socket.rooms.contains("room")) \(reason)")
          socket.disconnect()
          socket.disconnect(true)
          io.in("room").disconnectSockets()
        }
        socket.on("disconnect") { (reason: String) in notes.add("\(socket.connected) \(reason)") }
      }
    } _: { io, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send("41")
      #expect(
        try await notes.lines(2) == ["true true client namespace disconnect", "false client namespace disconnect"])
      let other = try Visitor.joined(port).0
      io.in("room").disconnectSockets()
      #expect(other.text == "41")
      #expect(
        try await notes.lines(4).suffix(2) == [
          "true true server namespace disconnect", "false server namespace disconnect",
        ])
    }
  }

  /// Somebody who hears what goes out may publish in the middle of a delivery; what has piled up by then may not leave
  /// before that is over, for the others are sent the same frames.
  @Test func whoPublishesInTheMiddleOfADeliveryDoesNotDisturbIt() async throws {
    let count = 30
    try await serving { io in
      io.on("connection") { socket in
        socket.join("room")
        socket.onAnyOutgoing { event in
          if event.name == "said" { io.of("/").emit("mirrored", socket.id) }
        }
      }
    } _: { io, port in
      for hub in io.hubs { hub.loop.submit { hub.loop.linksPerFlush = 10 } }
      let visitors = try (0..<count).map { _ in try Visitor.joined(port) }
      io.to("room").emit("said", "the same to everyone")
      let expected = Set(visitors.map { #"42["mirrored","\#($0.id)"]"# }).union([#"42["said","the same to everyone"]"#])
      for (visitor, _) in visitors {
        let heard = (0...count).compactMap { _ in visitor.text }
        #expect(heard.count == count + 1 && Set(heard) == expected)
      }
    }
  }

  @Test func listenersToAnyOutgoingEventSeeDirectOnesAndBroadcasts() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        #expect(socket.listenersAnyOutgoing.isEmpty)
        let listener = socket.onAnyOutgoing { notes.add("\($0.name) \(String(buffer: $0.arguments.elements))") }
        #expect(socket.listenersAnyOutgoing == [listener])
        socket.on("go") { (ack: Ack) in
          socket.emit("direct", 1)
          io.emit("all", "x")
          socket.broadcast.emit("others")
          ack("acks are no events")
          socket.offAnyOutgoing()
          socket.emit("unseen")
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send(#"420["go"]"#)
      #expect(visitor.text == #"42["direct",1]"# && visitor.text == #"42["all","x"]"#)
      #expect(visitor.text == #"430["acks are no events"]"# && visitor.text == #"42["unseen"]"#)
      #expect(notes.all == ["direct 1", #"all "x""#])
    }
  }

  @Test func aSocketsMiddlewareMayKeepEventsBack() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        socket.use { event in if event.name == "bad" { throw Denied() } }
        socket.use { event async throws in
          try await Task.sleep(for: .milliseconds(1))
          if event.name == "worse" { throw Denied() }
        }
        socket.onError { notes.add("error \($0)") }
        for name in ["bad", "worse", "good"] {
          socket.on(name) { (ack: Ack) in ack(name) }
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send(#"420["bad"]"#)
      visitor.send(#"421["worse"]"#)
      _ = try await notes.lines(2)
      visitor.send(#"422["good"]"#)
      #expect(visitor.text == #"432["good"]"#)
      #expect(notes.all == ["error Denied()", "error Denied()"])
    }
  }

  @Test func onceAndOffRemoveHandlers() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        socket.once("a") { () in notes.add("once") }
        let other = socket.on("a") { () in notes.add("other") }
        socket.on("a") { () in notes.add("on") }
        socket.on("off") { () in socket.off("a", other) }
        socket.on("end") { (ack: Ack) in
          socket.off("a")
          ack()
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      for text in [#"42["a"]"#, #"42["a"]"#, #"42["off"]"#, #"42["a"]"#, #"420["end"]"#] { visitor.send(text) }
      #expect(visitor.text == "430[]")
      visitor.send(#"42["a"]"#)
      visitor.send(#"420["end"]"#)
      #expect(visitor.text == "430[]")
      #expect(notes.all == ["once", "other", "on", "other", "on", "on"])
    }
  }

  @Test func aSocketKnowsItsHandlers() async throws {
    let notes = Notes()
    try await withTestServer { io in
      io.on("connection") { socket in
        let (first, second) = (socket.on("a") { () in notes.add("a") }, socket.once("a") { () in notes.add("once") })
        socket.on("end") { (ack: Ack) in
          #expect(socket.listeners("a") == [first] && socket.listeners("b").isEmpty)
          socket.off()
          #expect(socket.eventNames.isEmpty && socket.listeners("a").isEmpty)
          ack()
        }
        #expect(socket.listeners("a") == [first, second] && socket.eventNames.sorted() == ["a", "end"])
      }
    } test: { server in
      let client = try await server.connect()
      try client.emit("a")
      _ = try await client.emitWithAck("end")
      try client.emit("a")
      await server.clock.advance(by: .milliseconds(1))
      #expect(notes.all == ["a", "once"])
    }
  }

  @Test func anAnswerMayHaveATimeLimit() async throws {
    let notes = Notes()
    try await withTestServer { io in
      io.on("connection") { socket in
        socket.timeout(.seconds(50)).emit("late") { (answer: Result<Int, any Error>) in notes.add("\(answer)") }
        socket.timeout(.seconds(60)).emit("soon") { (answer: Result<Int, any Error>) in notes.add("\(answer)") }
      }
    } test: { server in
      let client = try await server.connect()
      try await client.expect("late")
      try await client.expect("soon").ack(7)
      await server.clock.advance(by: .milliseconds(49_999))
      #expect(notes.all == ["success(7)"])
      await server.clock.advance(by: .seconds(20))
      #expect(notes.all == ["success(7)", "failure(operation has timed out)"])
    }
  }

  @Test func reservedNamesAreRefusedAndNothingIsSent() async throws {
    let errors = Notes()
    try await serving {
      $0.onError = { errors.add("\($0)") }
    } _: { io in
      io.on("connection") { socket in
        socket.emit("connect")
        io.emit("disconnecting", 1)
        socket.send("hello")
        io.serverSideEmit("connection")
        io.on("nothing") { _ in }
      }
    } _: { io, port in
      let (visitor, _) = try Visitor.joined(port)
      #expect(visitor.text == #"42["message","hello"]"#)
      #expect(errors.all.count == 4 && errors.all[0] == #""connect" is a reserved event name"#)
      #expect(errors.all[1] == #""disconnecting" is a reserved event name"#)
      #expect(errors.all[2] == #""connection" is a reserved event name"#)
      #expect(errors.all[3].contains("nothing"))
      await #expect(throws: EventError.reservedName("newListener")) {
        let _: [Int] = try await io.emitWithAck("newListener")
      }
      await #expect(throws: AdapterError.serverSideEmitUnsupported) {
        let _: [Int] = try await io.serverSideEmitWithAck("hello")
      }
    }
  }

  @Test func whatIsNoPacketIsAnErrorBeforeItIsTheEnd() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        socket.onError { notes.add("error \($0)") }
        socket.on("disconnect") { (reason: String, explanation: String) in
          notes.add(reason)
          #expect(!explanation.isEmpty)
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send("42{")
      #expect(visitor.frame() == .emptyClose)
      let lines = try await notes.lines(2)
      #expect(lines.count == 2 && lines[0].hasPrefix("error ") && lines[1] == "forced close")
    }
  }

  @Test func aSocketIsConnectedWhileItIs() async throws {
    let notes = Notes()
    try await serving { io in
      io.on("connection") { socket in
        notes.add("\(socket.connected) \(socket.recovered)")
        socket.on("disconnecting") { () in notes.add("\(socket.connected) \(socket.rooms.count)") }
        socket.on("disconnect") { () in
          socket.join("late")
          notes.add("\(socket.connected) \(socket.rooms.count)")
        }
      }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port)
      visitor.send("41")
      let states = try await notes.lines(3)
      #expect(states == ["true false", "true 1", "false 0"])
    }
  }
}
