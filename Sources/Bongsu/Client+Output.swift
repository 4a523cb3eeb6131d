internal import BongsuReactor
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

// What a client is sent, and what becomes of it when the client reads too slowly.
extension Client {
  // MARK: Messages

  /// Sends what others are sent as well.
  func deliver(_ delivery: Delivery, to socket: Socket) {
    if let transport = directTransport, transport.deliver(delivery) { return }
    deliverSlowly(delivery, to: socket)
  }

  private func deliverSlowly(_ delivery: Delivery, to socket: Socket) {
    guard isOpen, !delivery.isVolatile || isWritable else { return }
    let kept = SlowReaders.Message.event(delivery.encoded, isCompressed: delivery.isCompressed)
    guard admits(kept, for: socket, delivery.slowReaders) else { return }
    guard let transport, !isLegacy else { return enqueue(delivery.packets) }
    let frames = delivery.frames(for: transport.deflate)
    guard isObserved else { return transport.connection.send(shared: frames) }
    tell(delivery.packets) { transport.connection.send(shared: frames) }
  }

  /// Sends an event that asks for no acknowledgement.
  func send(_ event: EncodedEvent, of socket: Socket, isCompressed: Bool) {
    // What is said before a socket is in its namespace belongs to the way in.
    guard socket.connected else { return sendAlways(event, isCompressed: isCompressed) }
    guard isOpen else { return }
    let kept = SlowReaders.Message.event(event, isCompressed: isCompressed)
    guard takes || admits(kept, for: socket, socket.namespace.slowReaders) else { return }
    write(event, isCompressed: isCompressed)
  }

  /// Nothing waits, so that the policy need not be asked.
  private var takes: Bool { transport?.connection.takes(upTo: hub.limits.queuedBytes) ?? false }

  /// Whether a message may be sent now; if not, what has to happen instead has happened.
  private func admits(_ message: SlowReaders.Message, for socket: Socket, _ policy: SlowReaderPolicy) -> Bool {
    let readers = hub.slowReaders
    let limit = hub.limits.queuedBytes
    let isOverfull = isOverfull(limit)
    let isStuck = transport.map { !$0.connection.isWritable } ?? false
    switch policy.verdict(isBehind: readers.isBehind(socket), isStuck: isStuck, isOverfull: isOverfull) {
    case .send: return true
    case .drop: readers.drop(for: socket)
    case .keep: readers.keep(message, for: socket)
    case .disconnect: dropSlowReaderLater()
    }
    return false
  }

  /// The client has taken all that waited for it: it is told what it has missed, and sent what was kept.
  func closeGaps() {
    guard !hub.slowReaders.isEmpty else { return }
    for socket in session.sockets {
      guard let gap = hub.slowReaders.caughtUp(socket) else { continue }
      if gap.missed > 0 { report(gap.missed, to: socket) }
      guard case .event(let event, let isCompressed)? = gap.latest else { continue }
      send(event, of: socket, isCompressed: isCompressed)
    }
  }

  private func report(_ count: Int, to socket: Socket) {
    guard let event = socket.namespace.slowReaders.event else { return }
    do { sendAlways(try .encoding(event, count, namespace: socket.namespace)) } catch { socket.namespace.report(error) }
  }

  // MARK: What is never dropped

  func send(_ packet: ControlPacket, _ namespace: String) {
    do {
      let packets = try packet.encoded(namespace: namespace, parser: hub.configuration.parser)
      if hasRoomForProtocol { enqueue(packets) }
    } catch { hub.configuration.onError(error) }
  }

  /// Sends an acknowledgement, or what somebody waits for one to.
  func sendAlways(_ event: EncodedEvent, isCompressed: Bool = true) {
    if isOpen, hasRoomForProtocol { write(event, isCompressed: isCompressed) }
  }

  /// A client that asks and asks and does not read the answers is let go, whatever becomes of messages.
  private var hasRoomForProtocol: Bool {
    let limits = hub.limits
    guard isOverfull(limits.queuedBytes) else { return true }
    let drops = session.sockets.contains { $0.namespace.slowReaders.drops }
    if drops, !isOverfull(limits.protocolBytes) { return true }
    dropSlowReaderLater()
    return false
  }

  // MARK: Both

  private func write(_ event: EncodedEvent, isCompressed: Bool) {
    guard let transport, !isLegacy else { return enqueue(event.packets) }
    guard isObserved else { return transport.send(frames: event.frames, isCompressed: isCompressed) }
    tell(event.packets) { transport.send(frames: event.frames, isCompressed: isCompressed) }
  }
}
