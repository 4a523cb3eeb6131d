import NIOCore
import Testing

@testable import Bongsu

@Suite(.serialized) struct DynamicNamespaceTests {
  private struct Greeting: Decodable { let token: String }

  @Test func aPatternMakesNamespacesWithTheParentsHandlers() async throws {
    let made = Notes()
    try await serving(loops: 2) { io in
      io.onNewNamespace { made.add($0.name) }
      let parent = io.of(/^\/dyn-\d+$/)
      parent.on("connection") { socket in
        socket.emit("hello", socket.namespace.name)
        socket.on("all") { (text: String) in parent.emit("said", text) }
      }
    } _: { io, port in
      let (one, _) = try Visitor.joined(port, "/dyn-1")
      #expect(one.text == #"42/dyn-1,["hello","/dyn-1"]"#)
      let (other, _) = try Visitor.joined(port, "/dyn-1")
      #expect(other.text == #"42/dyn-1,["hello","/dyn-1"]"#)
      _ = try one.join("/dyn-2")
      #expect(one.text == #"42/dyn-2,["hello","/dyn-2"]"#)
      other.send("40/dyn-x,")
      #expect(other.text == #"44/dyn-x,{"message":"Invalid namespace"}"#)
      other.send(#"42/dyn-1,["all","ü"]"#)
      #expect(other.text == #"42/dyn-1,["said","ü"]"#)
      #expect(Set([one.text, one.text]) == [#"42/dyn-1,["said","ü"]"#, #"42/dyn-2,["said","ü"]"#])
      #expect(made.all == ["/dyn-1", "/dyn-2"])
      // One that is declared later begins as a child, too.
      #expect(io.of("/dyn-3").declared.connectionListeners.count == 1 && made.all.last == "/dyn-3")
    }
  }

  @Test func aFunctionDecidesByNameAndAuth() async throws {
    try await serving { io in
      io.of { name, auth async throws in
        try await Task.sleep(for: .milliseconds(5))
        guard name == "/room" else { return false }
        return String(buffer: auth.bytes) == #"{"token":"open"}"#
      }.on("connection") { $0.emit("in") }
    } _: { _, port in
      let visitor = try Visitor.connected(port)
      visitor.send(#"40/room,{"token":"shut"}"#)
      #expect(visitor.text == #"44/room,{"message":"Invalid namespace"}"#)
      _ = try visitor.join("/room", auth: #"{"token":"open"}"#)
      #expect(visitor.text == #"42/room,["in"]"#)
    }
  }

  @Test func patternsAndFunctionsAreTriedInTheirOrder() async throws {
    try await serving { io in
      io.of { name, _ in name == "/both" }.on("connection") { $0.emit("by", "function") }
      io.of(/both|second/).on("connection") { $0.emit("by", "pattern") }
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port, "/both")
      #expect(visitor.text == #"42/both,["by","function"]"#)
      _ = try visitor.join("/second")
      #expect(visitor.text == #"42/second,["by","pattern"]"#)
    }
  }

  @Test func emptyChildrenGoIfAskedTo() async throws {
    let made = Notes()
    try await serving {
      $0.cleanupEmptyChildNamespaces = true
    } _: { io in
      io.onNewNamespace { made.add($0.name) }
      io.of(/^\/dyn/).use { socket in
        if socket.namespace.name == "/dyn-shut" { throw ConnectError("shut") }
      }
    } _: { io, port in
      let (visitor, _) = try Visitor.joined(port, "/dyn-1")
      let (other, _) = try Visitor.joined(port, "/dyn-1")
      visitor.send("41/dyn-1,")
      _ = try visitor.join("/dyn-1")
      #expect(made.all == ["/dyn-1"], "somebody was there all the time")
      visitor.send("41/dyn-1,")
      other.send("41/dyn-1,")
      _ = try visitor.join()
      _ = try other.join()
      #expect(io.namespaces.all.map(\.name) == ["/"])
      // Who is turned away leaves nothing behind either.
      visitor.send("40/dyn-shut,")
      #expect(visitor.text == #"44/dyn-shut,{"message":"shut"}"#)
      #expect(io.namespaces.all.map(\.name) == ["/"])
      _ = io.of("/dyn-kept")
      _ = try visitor.join("/dyn-kept")
      visitor.send("41/dyn-kept,")
      _ = try visitor.join("/dyn-1")
      #expect(Set(io.namespaces.all.map(\.name)) == ["/", "/dyn-kept", "/dyn-1"])
    }
  }

  @Test func childrenAreLimited() async throws {
    try await serving {
      $0.limits.childNamespaces = 1
    } _: { io in
      _ = io.of(/^\/dyn/)
    } _: { _, port in
      let (visitor, _) = try Visitor.joined(port, "/dyn-1")
      visitor.send("40/dyn-2,")
      #expect(visitor.text == #"44/dyn-2,{"message":"Too many namespaces"}"#)
      let name = "/dyn-" + String(repeating: "n", count: 300)
      visitor.send(0x81, Array("40/dyn-\(String(repeating: "n", count: 100)),".utf8))
      #expect(visitor.text?.contains("Too many namespaces") == true)
      #expect(name.utf8.count > Limits().namespaceNameBytes)
    }
  }

  @Test func namespacesAreComparedByTheirBytes() {
    let io = Server()
    let composed = io.of("/\u{E9}")
    #expect(io.of("/e\u{301}") !== composed && io.of("\u{E9}") === composed)
  }

  @Test func aParentFetchesNoSockets() async throws {
    let parent = Server().of(/x/)
    await #expect(throws: AdapterError.fetchSocketsOnParent) { try await parent.fetchSockets() }
  }
}
