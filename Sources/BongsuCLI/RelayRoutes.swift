import Bongsu

/// What `bongsu serve` answers.
enum RelayRoutes {
  /// Where Socket.IO cannot be, nor below.
  static let paths = ["/ws", "/echo", "/broadcast", "/healthz", "/readyz"]

  static func install(on server: Server, namespaces: [String]) {
    let relay = Relay()
    for namespace in namespaces { relay.install(on: server.of(namespace)) }
    addRooms(to: server)
    addEndpoints(to: server)
    for file in WebFiles.all { server.page("/" + file.name) { _ in file.response } }
    server.page("/") { _ in WebFiles.index.response }
    addHealth(of: server, to: server)
  }

  /// Whether `server` lives, and whether it wants more clients; asked at `front`.
  static func addHealth(of server: Server, to front: Server) {
    front.page("/healthz") { _ in .text("ok") }
    front.page("/readyz") { [unowned server] _ in
      server.isReady ? .text("ok") : .text("not ready", status: 503)
    }
  }

  /// `/ws/<room>`: the same rooms as those of Socket.IO's namespace `/`.
  private static func addRooms(to server: Server) {
    server.webSocket("/ws/*", sharing: server.sockets) { peer, request in
      guard let room = request.pathComponent(after: "/ws/"), peer.enter(room) else {
        return peer.close(code: 1008, reason: "this cannot be the name of a room")
      }
      peer.hearsItself = request.query("self") == "1"
    } received: { peer, message, kind in
      peer.broadcast(message, kind, to: peer.room, self: peer.hearsItself)
    }
  }

  private static func addEndpoints(to server: Server) {
    server.webSocket("/echo", fansOut: false) { peer, message, kind in peer.send(message, kind) }
    server.webSocket("/broadcast") { peer, message, kind in peer.broadcast(message, kind, self: true) }
  }
}
