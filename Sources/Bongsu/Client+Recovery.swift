internal import BongsuReactor
internal import BongsuSession
internal import NIOCore

// Connection state recovery on a client's way into a namespace.
extension Client {
  /// Makes the client's socket: a new one, or that which it had before.
  func admit(to namespace: Namespace, auth: ByteBuffer?) {
    guard namespace.memory.recovery != nil, !isLegacy, let auth, let request = ReturnRequest(auth) else {
      return introduce(Socket(self, namespace: namespace, auth: auth))
    }
    let me = UncheckedReference(value: self)
    Task(executorPreference: hub.loop) {
      let restored = await namespace.restore(request)
      me.value.introduce(Socket(me.value, namespace: namespace, auth: auth, continuing: restored))
    }
  }

  /// As ``welcome(_:)`` for a client that may come back, or does. One that comes back is sent what it has missed before
  /// it is told that it is connected (reference: `Socket` constructor, `_onconnect`).
  func welcome(_ socket: Socket, _ continuity: Continuity) {
    let namespace = socket.namespace
    guard let feed = socket.localNamespace.feed else { return }
    feed.catchUp()
    if !continuity.isOfThisLog { continuity.history = SessionHistory(sid: socket.id, start: feed.done) }
    feed.recovery.connected(socket, as: continuity.pid)
    continuity.isHeld = socket.recovered
    socket.connect()
    if let session = continuity.session {
      if session.reservation == nil { namespace.memory.vacate(socket.id, for: socket) }
      for room in session.rooms { socket.join(room) }
      switch continuity.missed {
      case .packets(let packets): resend(packets, of: namespace)
      case .replay(var replay):
        guard feed.complete(&replay) else { return loseAgain(socket) }
        for packet in replay.packets { resend(packet, to: socket, continuity, feed) }
      }
    }
    // Packets are kept no longer than the log keeps them.
    continuity.missed = .packets([])
    continuity.isHeld = false
    send(.connect(sid: socket.id, pid: continuity.pid), namespace.name)
    namespace.connected(socket)
  }

  /// Whether more was published while middlewares took their time than should be read at once for a client that is
  /// back: then a part of it has been read, and it is welcome with a later turn.
  func readsOn(for socket: Socket, _ continuity: Continuity) -> Bool {
    guard case .replay(var replay) = continuity.missed, let recovery = socket.namespace.memory.recovery else {
      return false
    }
    let progress = recovery.readOn(&replay)
    continuity.missed = .replay(replay)
    guard case .goesOn = progress else { return false }
    hub.loop.submitForLater { socket.holder.welcome(socket) }
    return true
  }

  private func resend(_ packet: KeptPacket, to socket: Socket, _ continuity: Continuity, _ feed: Feed) {
    continuity.history.sent.add(packet.position, first: feed.first)
    sendAlways(packet.event(of: socket.namespace.memory), isCompressed: packet.isCompressed)
  }

  private func resend(_ packets: [Packet], of namespace: Namespace) {
    for packet in packets {
      do {
        let message = try packet.message(parser: namespace.parser)
        sendAlways(try message.event(namespace: namespace.name, parser: namespace.parser))
      } catch { namespace.report(error) }
    }
  }

  /// While middlewares took their time, something was dropped that the client needs. They were told that it is back, so
  /// it has to come once more, as a new one.
  private func loseAgain(_ socket: Socket) {
    if let continuity = socket.continuity { socket.namespace.memory.recovery?.forget(socket, continuity.pid) }
    socket.extras?.continuity = nil
    lose()
  }

  /// Ends a connection of which nobody knows whether it is still there.
  private func lose() {
    let connection = transport?.connection
    close(.transportError)
    connection?.abort()
  }

  /// The client has come back by another connection; returns when this one is over.
  func cutOff() async {
    let me = UncheckedReference(value: self)
    await withCheckedContinuation { continuation in
      hub.loop.submit {
        me.value.lose()
        continuation.resume()
      }
    }
  }
}

extension Namespace {
  /// What the adapter has of a client that says it was here before.
  func restore(_ request: ReturnRequest) async -> RestoredSession? {
    if adapter === memory {
      guard let session = await memory.claim(pid: request.pid, offset: request.offset) else { return nil }
      return await memory.replay(of: session).flatMap { RestoredSession(session, .replay($0)) }
    }
    do {
      let found = try await adapter.restoreSession(pid: request.pid, offset: request.offset)
      guard let found, found.session.history != nil else {
        return found.flatMap { RestoredSession($0.session, .packets($0.missed)) }
      }
      // The adapter leaves it to its `MemoryAdapter`, whose log goes on.
      return await memory.replay(of: found.session).flatMap { RestoredSession(found.session, .replay($0)) }
    } catch {
      report(error)
      return nil
    }
  }
}
