internal import BongsuBytes
internal import BongsuReactor
internal import BongsuSession

extension Hub: TimerTarget {
  /// Stops accepting, says goodbye to everyone in their own protocol, and ends the loop when all are gone or after the
  /// configured time.
  func drain() {
    guard !isDraining else { return }
    isDraining = true
    listener?.close()
    listener = nil
    for client in Array(sessions.values) { client.shutDown() }
    var peers: [WebSocketPeer] = []
    for namespace in routes.webSockets.map(\.namespace) {
      namespace.memory.local(on: self).forEachMember { if let peer = $0 as? WebSocketPeer { peers.append(peer) } }
    }
    for peer in peers { peer.close(code: 1001, reason: "server shutting down") }
    for http in Array(connections.values) { http.drain() }
    _ = loop.schedule(self, at: loop.now + configuration.shutdownTime)
  }

  /// Ends sessions that no connection's end would end: between two polls they have none.
  func loopEnding(on loop: Loop) {
    isDraining = true
    listener?.close()
    listener = nil
    for client in Array(sessions.values) where client.transportName == .polling { client.close(.forcedClose) }
  }

  /// Whoever is still here has had the time to leave.
  func deadlineReached(_ now: MonotonicTime) { loop.stop() }
}
