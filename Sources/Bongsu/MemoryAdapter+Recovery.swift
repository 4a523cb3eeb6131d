internal import BongsuReactor
internal import BongsuRooms

// Connection state recovery, as far as all loops together have to do with it.
extension MemoryAdapter {
  /// Runs `body` on a loop with its part of the namespace, in the order of what is published.
  func submit(to hub: HubReference, _ body: @escaping @Sendable (LocalNamespace) -> Void) {
    guard let recovery else { return hub.loop.submit { [self] in body(local(on: hub.value)) } }
    if recovery.enqueue(body, on: hub.loop.index) { wake(hub) }
  }

  /// Lets a loop look into its queue.
  func wake(_ hub: HubReference) {
    hub.loop.submit { [self] in local(on: hub.value).feed?.work() }
  }

  /// Publishes from a thread that is no loop's, so that nobody here may read the room table.
  func publish(_ message: Message, to target: Target, by recovery: Recovery) {
    let hubs = self.hubs.list
    let (packet, _, woken) = recovery.append(message, to: target, here: nil, now: nil) {
      hubs.reduce(into: LoopSet.none) { $0.insert($1.loop.index) }
    }
    for hub in hubs {
      hub.load.add(packet.byteCount)
      if woken.contains(hub.loop.index) { wake(hub) }
    }
  }

  /// Lets everybody else leave the room of a client that is back and whose session was kept elsewhere: until now its
  /// id was a room's name like any other here.
  func vacate(_ id: String, for owner: Socket) { onEveryLoop { $0.vacate(id, for: owner) } }

  /// A client is back; nil when it cannot be as it was.
  func claim(pid: String, offset: String?) async -> SavedSession? {
    guard let recovery else { return nil }
    // A client that is back before its loss was noticed loses its old connection now.
    for _ in 0..<2 {
      switch recovery.claim(pid, offset: offset, now: hubs.current?.loop.now) {
      case .session(let session): return session
      case .unknown: return nil
      case .isConnected(let socket): await socket.holder.cutOff()
      }
    }
    return nil
  }

  /// What the client has missed until now; nil when something of it was dropped.
  func replay(of session: SavedSession) async -> Replay? {
    guard let recovery, let history = session.history else { return nil }
    var replay = Replay(history)
    while true {
      switch recovery.readOn(&replay) {
      case .goesOn: await laterTurn()
      case .isComplete: return replay
      case .isLost: return nil
      }
    }
  }

  /// Lets the loop that is asked serve everybody else first.
  private func laterTurn() async {
    guard let loop = hubs.current?.loop else { return await Task.yield() }
    await withCheckedContinuation { continuation in loop.submitForLater { continuation.resume() } }
  }

  /// Keeps the session for ``ConnectionStateRecovery/maxDisconnectionDuration``. It has to be one that was handed to
  /// `persistSession` by the library: what the client may have been sent is a part of it.
  public func persistSession(_ session: SavedSession) { recovery?.save(session, now: hubs.current?.loop.now) }

  /// What ``persistSession(_:)`` has kept, and everything that the client has missed until now. What it misses from
  /// then on it is sent all the same: the library adds it when the client joins.
  public func restoreSession(
    pid: String, offset: String?
  ) async -> (session: SavedSession, missed: [Packet])? {
    guard let session = await claim(pid: pid, offset: offset), let replay = await replay(of: session)
    else { return nil }
    let missed = replay.packets.map { packet in
      Packet(Message(content: .event(packet.event(of: self)), isCompressed: packet.isCompressed))
    }
    return (session, missed)
  }
}
