internal import BongsuReactor
internal import BongsuSession
internal import NIOCore

// What a client is sent, by whatever transport its session has now.
extension EngineClient {
  /// Sends a packet. A client that does not read is let go once more waits for it than the limit allows.
  func send(_ packet: OutgoingPacket, isCompressed: Bool = true) {
    if isOverfull(hub.limits.queuedBytes) { return dropSlowReaderLater() }
    enqueue([packet], isCompressed: isCompressed)
  }

  /// Sends packets by whatever transport the session has now, all or none of them.
  func enqueue(_ packets: [OutgoingPacket], isCompressed: Bool = true) {
    guard engine.state == .open else { return }
    if isObserved {
      if let transport {
        return tell(packets) { for packet in packets { transport.send(packet, isCompressed: isCompressed) } }
      }
      tellCreated(packets)
      guard engine.state == .open else { return }
    }
    for packet in packets {
      if let transport {
        transport.send(packet, isCompressed: isCompressed)
      } else {
        engine.enqueue(packet)
        hub.noteQueued(packet, for: self)
      }
    }
    if transport == nil { flushLater() }
  }

  /// Whether more than `limit` bytes wait for the client, which does not take them just now.
  func isOverfull(_ limit: Int) -> Bool {
    guard let connection = transport?.connection else { return engine.queuedBytes > limit }
    return !connection.makesRoom(upTo: limit)
  }

  func dropSlowReaderLater() {
    hub.afterwards { [weak self] in self?.dropSlowReader() }
  }

  private func dropSlowReader() {
    guard isOpen else { return }
    let connection = transport?.connection
    hub.slowReaderDisconnected(connection)
    perform(engine.close(.transportError))
    connection?.abort()
  }

  func flushLater() {
    guard !isFlushing else { return }
    isFlushing = true
    hub.flushLater(self)
  }

  func flush() {
    isFlushing = false
    perform(engine.flush())
  }

  // MARK: By what the session has

  func answer(_ poll: Exchange, _ payload: ByteBuffer, isBinary: Bool) {
    guard isObserved else { return poll.respond(poll: payload, isBinary: isBinary) }
    tell(answer: payload, isBinary: isBinary) { poll.respond(poll: payload, isBinary: isBinary) }
  }

  func send(_ packet: OutgoingPacket, by transport: EngineTransport) {
    guard isObserved else { return transport.send(packet) }
    tell([packet]) { transport.send(packet) }
  }
}
