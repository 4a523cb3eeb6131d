internal import BongsuReactor
internal import BongsuSession
internal import BongsuSocketIO

// A socket whose client may come back to it, on its loop.
extension Socket {
  /// Nil without connection state recovery, and for clients of Socket.IO 2, which know nothing of it.
  var continuity: Continuity? { extras?.continuity }

  /// Whether a client that is back does not have to pass middlewares again.
  var skipsMiddlewares: Bool { namespace.memory.recovery?.options.skipMiddlewares == true }

  /// Prepares for what happens to connections.
  func prepareContinuity(_ restored: RestoredSession?) {
    guard namespace.memory.recovery != nil, !holder.isLegacy else { return }
    let extras = SocketExtras()
    extras.continuity = restored.map { Continuity($0) } ?? Continuity(sid: identifier.description)
    self.extras = extras
  }

  /// The client is going. Keeps what it had if it has not gone on purpose.
  func keepContinuity(_ reason: CloseReason) {
    guard let continuity, let feed = localNamespace.feed else { return }
    feed.catchUp()
    guard connected else { return }
    continuity.history.end = feed.done
    if reason.isRecoverable {
      namespace.adapter.persistSession(
        SavedSession(sid: id, pid: continuity.pid, rooms: roomNames, data: data, history: continuity.history))
      feed.lookAfter()
    }
    feed.recovery.forget(self, continuity.pid)
  }

  /// The client has gone while middlewares decided about it, or one has turned it away: it may try again.
  func giveBackContinuity() {
    if let session = continuity?.session { namespace.adapter.persistSession(session) }
  }

  /// Whether the client may be told of an event now.
  func mayHear(_ delivery: Delivery, _ continuity: Continuity) -> Bool {
    if continuity.isHeld { return false }
    if delivery.position > 0 { continuity.history.sent.add(delivery.position, first: delivery.firstKept) }
    return true
  }

  /// Sends an event as a broadcast to this socket alone, so that it is kept; false when it cannot be.
  func keepAndSend(_ event: EncodedEvent, _ flags: EmitFlags) -> Bool {
    guard continuity != nil, !flags.isVolatile, connected else { return false }
    let message = Message(content: .event(event), isCompressed: flags.isCompressed)
    localNamespace.publish(message, to: Target(rooms: [id]))
    return true
  }
}

extension CloseReason {
  /// Whether a client that is gone for this reason may come back (reference: `RECOVERABLE_DISCONNECT_REASONS`).
  fileprivate var isRecoverable: Bool {
    switch self {
    case .transportError, .transportClose, .forcedClose, .pingTimeout, .serverShuttingDown, .forcedServerClose: true
    case .clientNamespaceDisconnect, .serverNamespaceDisconnect, .parseError: false
    }
  }
}
