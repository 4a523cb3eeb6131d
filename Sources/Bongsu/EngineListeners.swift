/// Who listens to one client's session. On its loop.
final class EngineListeners {
  private struct Entry {
    let listener: EventListener
    let isOnce: Bool
    /// The call that the signal is worth, if it is for this listener.
    let call: (EngineSignal) -> (() -> Void)?
  }

  private var entries: [Entry] = []
  /// To be called when all that is being sent has left.
  private var sent: [@Sendable () -> Void] = []

  var isWaited: Bool { !sent.isEmpty }

  func add<Payload>(
    _ event: EngineEvent<Payload>, _ listener: EventListener, isOnce: Bool, _ handler: @escaping (Payload) -> Void
  ) {
    entries.append(
      Entry(listener: listener, isOnce: isOnce) { signal in
        event.payload(signal).map { payload in { handler(payload) } }
      })
  }

  func remove(_ listener: EventListener) { entries.removeAll { $0.listener == listener } }

  func tell(_ signal: EngineSignal) {
    for entry in entries {
      guard let call = entry.call(signal) else { continue }
      if entry.isOnce { remove(entry.listener) }
      call()
    }
  }

  func callWhenSent(_ body: @escaping @Sendable () -> Void) { sent.append(body) }

  func allSent() {
    let sent = self.sent
    self.sent = []
    for body in sent { body() }
  }
}

extension EngineSocket {
  /// Calls `handler` on the client's loop each time the event happens. Nobody else's messages get slower by it.
  ///
  /// `socket.conn.on(.packet) { packet in print(packet.type) }`
  @discardableResult
  public func on<Payload>(
    _ event: EngineEvent<Payload>, _ handler: @escaping @Sendable (Payload) -> Void
  ) -> EventListener {
    listen(event, isOnce: false, handler)
  }

  /// Calls `handler` on the client's loop when the event happens next.
  @discardableResult
  public func once<Payload>(
    _ event: EngineEvent<Payload>, _ handler: @escaping @Sendable (Payload) -> Void
  ) -> EventListener {
    listen(event, isOnce: true, handler)
  }

  /// Removes a listener: what `on` or `once` returned.
  public func off(_ listener: EventListener) {
    onLoop { client.listeners?.remove(listener) }
  }

  private func listen<Payload>(
    _ event: EngineEvent<Payload>, isOnce: Bool, _ handler: @escaping @Sendable (Payload) -> Void
  ) -> EventListener {
    let listener = EventListener()
    onLoop { client.observe { $0.add(event, listener, isOnce: isOnce, handler) } }
    return listener
  }
}
