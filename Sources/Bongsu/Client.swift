internal import BongsuBytes
internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

/// A Socket.IO client: one Engine.IO session and its sockets, one for each namespace it is in.
final class Client: EngineClient {
  // First, where it fills a gap.
  private var isNewcomer = true
  // Not checked for overlapping accesses: a value that calls nobody.
  @safe @exclusivity(unchecked) var session: SocketIOSession<Socket>
  private let customDecoder: CustomDecoder?
  /// When a newcomer must have joined a namespace, or anybody else must have sent the attachment that is due.
  private var patience: MonotonicTime

  override init(_ opening: SessionOpening) {
    let hub = opening.hub
    let parser = hub.configuration.parser
    session = SocketIOSession(
      limits: hub.limits.socketIO, notation: parser.notation, isRevision4: opening.isLegacy)
    customDecoder = CustomDecoder(parser)
    patience = hub.loop.now + hub.limits.connectTime
    super.init(opening)
    hub.newcomers += 1
  }

  var server: Server { hub.server }

  /// The client has joined its first namespace, or is gone.
  func settle() {
    guard isNewcomer else { return }
    isNewcomer = false
    patience = .never
    hub.newcomers -= 1
  }

  override var ownDeadline: MonotonicTime { patience }

  override func ownDeadlineReached(_ now: MonotonicTime) {
    patience = .never
    hub.reached(isNewcomer ? .connectTime : .attachmentTime, by: self)
    if isNewcomer { violated() } else { failed(SocketIOParseError.missingAttachment) }
  }

  /// An attachment is due, or has come. A newcomer's patience is measured already.
  private func waitForAttachment() {
    guard !isNewcomer else { return }
    patience = session.awaitsAttachment ? hub.loop.now + hub.limits.attachmentTime : .never
    rearm()
  }

  /// Clients of Socket.IO 2 are in `/` without asking.
  override func opened() {
    guard isLegacy else { return }
    session.connecting("/")
    connect("/", auth: nil)
  }

  // MARK: Input

  override func received(text: RawSpan, before next: RawSpan) {
    if let customDecoder { return received(.text(ByteBuffer(text)), by: customDecoder) }
    do throws(SocketIOParseError) {
      let packet = try session.received(text: text)
      if next.byteCount > 0, case .event(let socket, _, _) = packet, socket.isLeft(by: next) { return }
      handle(packet, in: text)
    } catch { failed(error) }
  }

  override func received(binary: RawSpan) {
    if let customDecoder { return received(.binary(ByteBuffer(binary)), by: customDecoder) }
    do throws(SocketIOParseError) {
      switch session.notation {
      case .messagePack: handle(try session.received(packed: binary), in: binary)
      case .json:
        let packet = try session.received(attachment: ByteBuffer(binary))
        waitForAttachment()
        handle(packet, in: RawSpan())
      }
    } catch { failed(error) }
  }

  private func received(_ message: PacketMessage, by decoder: CustomDecoder) {
    do {
      for packet in try decoder.packets(in: message) {
        guard isOpen else { return }
        let bytes = packet.readableBytesSpan
        handle(try session.received(packed: bytes), in: bytes)
      }
    } catch { failed(error) }
  }

  private func handle(_ packet: consuming IncomingPacket<Socket>, in text: RawSpan) {
    switch consume packet {
    case .connect(let namespace, let auth):
      connect(namespace, auth: auth.flatMap { session.notation.json(text.extracting($0)) })
    case .connectByQuery(let namespace, let query):
      connect(namespace, auth: query.map { QueryItems(ByteBuffer(text.extracting($0))).json })
    case .event(let socket, let payload, let id):
      hub.counters.eventsReceived &+= 1
      socket.received(IncomingEvent(payload: payload, attachments: [], ack: Ack(socket, id)), in: text)
    case .binaryEvent(let socket, let payload, let id, let packet):
      hub.counters.eventsReceived &+= 1
      let event = IncomingEvent(payload: payload, attachments: packet.attachments, ack: Ack(socket, id))
      socket.received(event, in: packet.text.readableBytesSpan)
    case .ack(let socket, let arguments, let id):
      socket.received(IncomingAck(arguments: arguments, attachments: []), id: id, in: text)
    case .binaryAck(let socket, let arguments, let id, let packet):
      let ack = IncomingAck(arguments: arguments, attachments: packet.attachments)
      socket.received(ack, id: id, in: packet.text.readableBytesSpan)
    case .disconnect(let socket): socket.disconnected(.clientNamespaceDisconnect)
    case .nothing: waitForAttachment()
    case .violation: violated()
    }
  }

  override func caughtUp() { closeGaps() }

  override func shortcutChanged() {
    for socket in session.sockets { socket.findShortcut() }
  }

  // MARK: Ending

  /// The server takes the client out of one namespace.
  func disconnect(_ socket: Socket) {
    guard !socket.isLeaving else { return }
    // From here on it is not among the sockets that hear of another shortcut.
    socket.dropShortcut()
    session.left(socket.namespace.name)
    send(.disconnect, socket.namespace.name)
    socket.disconnected(.serverNamespaceDisconnect)
  }

  /// The server takes the client out of all namespaces and closes the connection.
  func disconnectAll() {
    for socket in session.sockets { disconnect(socket) }
    closeGracefully()
  }

  /// The client did what it may not do. Handlers hear `forced close` when the transport closes at once, else `forced
  /// server close` (reference: `Client.close`).
  private func violated() {
    guard isOpen, !closeGracefully() else { return }
    endSockets(.forcedServerClose)
  }

  /// The client sent what is no packet: its sockets hear of the error, the connection is closed, and handlers hear of
  /// that when it is.
  private func failed(_ error: any Error) {
    if error as? SocketIOParseError == .tooManyAttachments { hub.reached(.attachments, by: self) }
    for socket in session.sockets { socket.failed(error) }
    closeGracefully()
  }

  override func closed(_ reason: CloseReason) {
    settle()
    endSockets(hub.isDraining && reason == .forcedClose ? .serverShuttingDown : reason)
  }

  private func endSockets(_ reason: CloseReason) {
    for socket in session.end() { socket.disconnected(reason) }
  }
}

extension QueryItems {
  /// As a JSON object of strings; of items of one name it is the last.
  fileprivate var json: ByteBuffer {
    var last: [String: String] = [:]
    for item in self { last[item.name] = item.value }
    var json = ByteBuffer(string: "{")
    for (name, value) in last.sorted(by: { $0.key < $1.key }) {
      if json.readableBytes > 1 { json.writeStaticString(",") }
      JSONText.write(name, into: &json)
      json.writeStaticString(":")
      JSONText.write(value, into: &json)
    }
    json.writeStaticString("}")
    return json
  }
}
