internal import BongsuBytes
internal import BongsuEngineIO
internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuSession
internal import BongsuWebSocket
internal import NIOCore

/// Drives one Engine.IO session: carries out what the session decides, on polls and WebSockets.
///
/// Subclasses are what the session is for: Socket.IO's `Client`, or bare messages.
class EngineClient: TimerTarget {
  // Held, which costs nothing where each use of what is not held costs two atomic operations. The hub lets go of a
  // client when its session ends.
  let hub: Hub
  let endpoint: EngineEndpoint
  let id: Identifier
  /// The first request of the session.
  let request: HandshakeRequest
  // Not checked for overlapping accesses: a value that calls nobody.
  @safe @exclusivity(unchecked) var engine: EngineSession
  private var timer = TimerID.none
  private var timerDeadline = MonotonicTime.never
  var poll: Exchange?
  @safe @exclusivity(unchecked) private(set) var transport: EngineTransport? {
    didSet { shortcutChanged() }
  }
  private var probe: EngineTransport?
  var isFlushing = false
  /// Whether somebody listens to the session, see `EngineClient+Observing`.
  @safe @exclusivity(unchecked) var isObserved: Bool {
    didSet { shortcutChanged() }
  }

  init(_ opening: SessionOpening) {
    hub = opening.hub
    endpoint = opening.endpoint
    id = opening.id
    request = opening.request
    isObserved = opening.endpoint.options.isObserving
    engine = EngineSession(
      transport: opening.transport, dialect: opening.dialect, timing: endpoint.options.timing, now: hub.loop.now)
    hub.add(self)
  }

  // MARK: For subclasses

  /// The handshake has been sent.
  func opened() {}
  /// A text message, as valid UTF-8. The bytes are gone after the call. `next` is the message that came behind it in
  /// the same payload.
  func received(text: RawSpan, before next: RawSpan) {}
  func received(binary: RawSpan) {}
  /// The session is over; the last call.
  func closed(_ reason: CloseReason) {}
  /// All that waited for the client has left.
  func caughtUp() {}
  /// ``shortcut`` may be another now, or none.
  func shortcutChanged() {}
  /// A deadline of the subclass has come.
  func ownDeadlineReached(_ now: MonotonicTime) {}
  /// The subclass's own next deadline.
  var ownDeadline: MonotonicTime { .never }

  // MARK: State

  /// The id as the client knows it.
  var sid: String { hub.sessionNames.name(of: id) ?? id.description }

  /// Whether the client speaks Engine.IO 3, and so Socket.IO 1 or 2.
  var isLegacy: Bool { engine.dialect.isVersion3 }

  var isOpen: Bool { if case .open = engine.state { true } else { false } }
  var transportName: EngineSession.Transport { engine.transport }

  /// What is sent now leaves at once: what volatile messages ask for.
  var isWritable: Bool { transport?.connection.isWritable ?? engine.pollPending }

  /// The WebSocket that is sent frames as Socket.IO writes them: nobody wants to see them, or have them otherwise.
  var directTransport: EngineTransport? { isOpen && !isLegacy && !isObserved ? transport : nil }

  /// Its connection, if nobody compresses them either. Of all this depends on, the transport and the listeners change:
  /// a session on a WebSocket leaves `open` only together with its transport.
  var shortcut: Connection? {
    guard let transport = directTransport, transport.deflate == nil else { return nil }
    return transport.connection
  }

  // MARK: Opening

  /// The handshake came by long polling: the open packet, and what comes behind it, is the answer.
  func open(_ exchange: Exchange, packets: [OutgoingPacket]) {
    if isObserved { tellCreated(packets) }
    let payload = packets.payload(engine.dialect)
    answer(exchange, payload.bytes, isBinary: payload.isBinary)
    begin()
  }

  /// The handshake came by WebSocket.
  func open(_ connection: Connection, _ deflate: PerMessageDeflate?, packets: [OutgoingPacket]) {
    let transport = EngineTransport(connection, deflate, client: self, isProbe: false)
    self.transport = transport
    for packet in packets { send(packet, by: transport) }
    begin()
  }

  private func begin() {
    endpoint.options.onConnection?(EngineSocket(self))
    rearm()
    opened()
  }

  // MARK: WebSocket

  func received(_ message: RawSpan, _ kind: MessageKind) {
    guard isLegacy else {
      guard kind == .text else { return received(binary: message) }
      return handle(EnginePacket(decoding: message), in: message, before: nil)
    }
    handle(EnginePacket(decoding: message, isText: kind == .text, engine.dialect), in: message, before: nil)
  }

  func handle(_ packet: EnginePacket, in bytes: RawSpan, before upcoming: EnginePacket?) {
    if isObserved { return receiveObserved(packet, in: bytes, before: upcoming) }
    react(to: engine.received(packet, now: hub.loop.now), packet, in: bytes, before: upcoming)
  }

  @inline(__always)
  func react(to verdict: PacketVerdict, _ packet: EnginePacket, in bytes: RawSpan, before upcoming: EnginePacket?) {
    switch verdict {
    case .message(let range):
      var next = RawSpan()
      if case .packet(.message, let data) = upcoming { next = bytes.extracting(data) }
      received(text: bytes.extracting(range), before: next)
    case .binary(let range): received(binary: Base64.decode(bytes.extracting(range)).readableBytesSpan)
    case .bytes(let range): received(binary: bytes.extracting(range))
    case .nothing: if packet.isPong { rearm() }
    case .actions(let actions): perform(actions)
    }
  }

  func transportClosed(_ reason: CloseReason) {
    transport = nil
    perform(engine.webSocketClosed(reason))
  }

  // MARK: Upgrade

  /// A WebSocket with this session's id; it is closed at once when there is one already.
  func probeArrived(_ connection: Connection, _ deflate: PerMessageDeflate?) {
    let newcomer = EngineTransport(connection, deflate, client: self, isProbe: true)
    guard engine.probeArrived(now: hub.loop.now) else { return newcomer.close() }
    probe = newcomer
    rearm()
  }

  func probeReceived(_ message: RawSpan, _ kind: MessageKind) {
    guard kind == .text, case .packet(let type, let data) = EnginePacket(decoding: message) else {
      return perform(engine.probeReceived(nil, isProbe: false, now: hub.loop.now))
    }
    let isProbe = message.extracting(data).text == "probe"
    perform(engine.probeReceived(type, isProbe: isProbe, now: hub.loop.now))
  }

  func probeClosed() {
    probe = nil
    engine.probeClosed()
    rearm()
  }

  // MARK: Closing

  /// Ends the session once the client has what waits for it; true when it is over already.
  @discardableResult
  func closeGracefully() -> Bool {
    perform(engine.closeGracefully(now: hub.loop.now))
    rearm()
    return engine.state == .closed
  }

  func shutDown() { perform(engine.shutDown()) }

  func close(_ reason: CloseReason) { perform(engine.close(reason)) }

  /// Ends the session and throws away what waits for the client.
  func discard() {
    let connection = transport?.connection
    close(.forcedClose)
    if let connection, !connection.isWritable { connection.abort() }
  }

  // MARK: Actions and time

  func perform(_ actions: [EngineAction]) {
    var outboxLeft = false
    for action in actions {
      switch action {
      case .answerPoll(let payload, let isBinary):
        if let poll = poll.take() { answer(poll, payload, isBinary: isBinary) }
        outboxLeft = true
      case .send(let packet): answer(packet)
      case .sendProbeAnswer:
        probe?.send(.text(ByteBuffer(string: "3probe")))
        rearm()
        if isObserved { tell(.upgrading(.webSocket)) }
      case .dropProbe: probe.take()?.close()
      case .adoptProbe(let waiting):
        adoptProbe(sending: waiting)
        outboxLeft = true
      case .closeWebSocket: transport.take()?.close()
      case .closed(let reason): finish(reason)
      }
    }
    if outboxLeft, isOpen { caughtUp() }
  }

  /// Heartbeats are no policy's to drop; a client that asks for them and does not read is let go all the same.
  private func answer(_ packet: OutgoingPacket) {
    guard let transport else { return }
    if isOverfull(hub.limits.protocolBytes) { return dropSlowReaderLater() }
    send(packet, by: transport)
  }

  /// What listeners send, once they hear of the upgrade, comes behind what waited for a poll; they are told of its
  /// leaving before that.
  private func adoptProbe(sending waiting: [OutgoingPacket]) {
    transport = probe.take()
    transport?.adopt()
    for packet in waiting { transport?.send(packet) }
    hub.noteUpgraded(self)
    rearm()
    guard isObserved else { return }
    tell(.upgrade(.webSocket))
    for packet in waiting { tell([packet], isNew: false) {} }
  }

  private func finish(_ reason: CloseReason) {
    hub.remove(self, reason)
    hub.loop.cancel(timer)
    timer = .none
    closed(reason)
    tellEnd(reason)
    hub.sessionNames.remove(id)
  }

  /// Asks the loop to be called at the next deadline. One that has moved away is left alone: it comes early and asks
  /// again.
  func rearm() {
    guard engine.state != .closed else { return }
    let deadline = min(engine.nextDeadline, ownDeadline)
    guard deadline < timerDeadline || timer == .none else { return }
    hub.loop.cancel(timer)
    timerDeadline = deadline
    timer = deadline == .never ? .none : hub.loop.schedule(self, at: deadline)
  }

  /// Does what is due before a request of the client is looked at. The loop's timer is some milliseconds late; a client
  /// that asks in these finds things as they should be by now.
  func catchUp() {
    guard timerDeadline <= hub.loop.now else { return }
    hub.loop.cancel(timer)
    deadlineReached(hub.loop.now)
  }

  func deadlineReached(_ now: MonotonicTime) {
    guard engine.state != .closed else { return }
    timer = .none
    timerDeadline = .never
    let awaitedPong = engine.awaitsPong
    let actions = engine.deadlineReached(now)
    if isObserved, transport == nil, !awaitedPong, engine.awaitsPong { tellCreated([.ping]) }
    perform(actions)
    if engine.state == .open, now >= ownDeadline { ownDeadlineReached(now) }
    rearm()
  }
}

extension EnginePacket {
  fileprivate var isPong: Bool {
    if case .packet(.pong, _) = self { true } else { false }
  }
}
