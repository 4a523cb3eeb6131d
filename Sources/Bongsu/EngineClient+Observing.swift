internal import BongsuBytes
internal import BongsuEngineIO
internal import BongsuReactor
internal import BongsuSession
internal import NIOCore

// What listeners to a session hear. Who has none passes one look at `isObserved` for each packet, and has nothing for
// it in memory: the listeners of the few that have some are the hub's.
extension EngineClient {
  var listeners: EngineListeners? { hub.engineListeners[id] }

  func observe(_ body: (EngineListeners) -> Void) {
    guard engine.state != .closed else { return }
    let listeners = self.listeners ?? EngineListeners()
    hub.engineListeners[id] = listeners
    isObserved = true
    body(listeners)
  }

  func tell(_ signal: EngineSignal) {
    listeners?.tell(signal)
    switch signal {
    case .flush(let packets): endpoint.options.onFlush?(EngineSocket(self), packets)
    case .drain: endpoint.options.onDrain?(EngineSocket(self))
    default: break
    }
  }

  /// The session is over; nobody hears of it any more.
  func tellEnd(_ reason: CloseReason) {
    guard isObserved else { return }
    tell(.close(reason: reason.rawValue, description: reason.explanation))
    isObserved = false
    hub.engineListeners[id] = nil
  }

  // MARK: Packets from the client

  func receiveObserved(_ packet: EnginePacket, in bytes: RawSpan, before upcoming: EnginePacket?) {
    guard isOpen else { return }
    if let seen = EngineSocket.Packet(packet, in: bytes) {
      tell(.packet(seen))
      if seen.type == .message, let data = seen.data { tell(.message(data)) }
    }
    guard isOpen else { return }
    let verdict = engine.received(packet, now: hub.loop.now)
    let isHeartbeat = isOpen && packet.isHeartbeat(engine.dialect)
    if isHeartbeat, isLegacy, engine.transport == .polling { tell(.packetCreate(EngineSocket.Packet(.pong))) }
    react(to: verdict, packet, in: bytes, before: upcoming)
    if isHeartbeat, isOpen { tell(.heartbeat) }
  }

  // MARK: Packets to the client

  /// Tells of packets that the session has made for a poll.
  func tellCreated(_ packets: [OutgoingPacket]) {
    for packet in packets { tell(.packetCreate(EngineSocket.Packet(packet))) }
  }

  /// Tells of packets that `send` hands to the WebSocket.
  func tell(_ packets: [OutgoingPacket], isNew: Bool = true, sending send: () -> Void) {
    if isNew { tellCreated(packets) }
    guard isOpen else { return }
    tell(.flush(packets.map { EngineSocket.Packet($0) }))
    send()
    tell(.drain)
    if listeners?.isWaited == true { lookWhetherSent() }
  }

  /// Tells of a poll's answer, which `send` gives. What only lets go of the poll was never sent in the reference's
  /// sense.
  func tell(answer payload: ByteBuffer, isBinary: Bool, sending send: () -> Void) {
    var reader = PayloadReader(isLegacy ? isBinary ? .binary : .counted : .separated)
    let bytes = payload.readableBytesSpan
    var packets: [EngineSocket.Packet] = []
    while let packet = reader.next(in: bytes) {
      if let seen = EngineSocket.Packet(packet, in: bytes) { packets.append(seen) }
    }
    packets.removeAll { $0.type == .noop || $0.type == .close }
    guard !packets.isEmpty else { return send() }
    tell(.flush(packets))
    send()
    tell(.drain)
    listeners?.allSent()
  }

  // MARK: When messages have left

  func callWhenSent(_ body: @escaping @Sendable () -> Void) { observe { $0.callWhenSent(body) } }

  /// The kernel is given this turn's bytes at its end.
  private func lookWhetherSent() {
    let client = UncheckedReference(value: self)
    hub.loop.submitForLater { client.value.tellSent() }
  }

  func tellSent() {
    if isObserved, isOpen, transport?.connection.isWritable == true { listeners?.allSent() }
  }
}

extension EnginePacket {
  fileprivate func isHeartbeat(_ dialect: EngineDialect) -> Bool {
    guard case .packet(let type, _) = self else { return false }
    return type == (dialect.isVersion3 ? .ping : .pong)
  }
}

extension EngineSocket.Packet {
  /// One without data.
  fileprivate init(_ type: Kind) {
    self.type = type
    data = nil
  }
}
