internal import BongsuBytes
internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

/// A Socket.IO client: one Engine.IO session and its sockets, one for each namespace it is in.
final class Client: EngineClient {
  var session: SocketIOSession<Socket>
  let server: Server
  private var isNewcomer = true
  /// When the client must have joined a namespace; `.never` once it has.
  private var connectDeadline: MonotonicTime

  override init(_ opening: SessionOpening) {
    let hub = opening.hub
    server = hub.server
    session = SocketIOSession(
      limits: hub.configuration.limits.socketIO, isRevision4: opening.isLegacy)
    connectDeadline = hub.loop.now + hub.configuration.limits.connectTime
    super.init(opening)
    hub.newcomers += 1
  }

  /// The client has joined its first namespace, or is gone.
  func settle() {
    connectDeadline = .never
    guard isNewcomer else { return }
    isNewcomer = false
    hub.newcomers -= 1
  }

  override var ownDeadline: MonotonicTime { connectDeadline }

  override func ownDeadlineReached(_ now: MonotonicTime) {
    connectDeadline = .never
    violated()
  }

  /// Clients of Socket.IO 2 are in `/` without asking.
  override func opened() {
    guard isLegacy else { return }
    session.connecting("/")
    connect("/", auth: nil)
  }

  // MARK: Input

  override func received(text: RawSpan, before next: RawSpan) {
    do throws(SocketIOParseError) {
      let packet = try session.received(text: text)
      if case .event(let socket, _, _) = packet, socket.isLeft(by: next) { return }
      handle(packet, in: text)
    } catch { failed(error) }
  }

  override func received(binary: RawSpan) {
    do throws(SocketIOParseError) {
      handle(try session.received(attachment: ByteBuffer(binary)), in: RawSpan())
    } catch { failed(error) }
  }

  private func handle(_ packet: IncomingPacket<Socket>, in text: RawSpan) {
    switch packet {
    case .connect(let namespace, let auth):
      connect(namespace, auth: auth.map { ByteBuffer(text.extracting($0)) })
    case .connectByQuery(let namespace, let query):
      connect(namespace, auth: query.map { QueryItems(ByteBuffer(text.extracting($0))).json })
    case .event(let socket, let payload, let id):
      socket.received(IncomingEvent(payload: payload, attachments: [], ack: Ack(socket, id)), in: text)
    case .binaryEvent(let socket, let payload, let id, let packet):
      let event = IncomingEvent(payload: payload, attachments: packet.attachments, ack: Ack(socket, id))
      socket.received(event, in: packet.text.readableBytesSpan)
    case .ack(let socket, let arguments, let id):
      socket.received(IncomingAck(arguments: arguments, attachments: []), id: id, in: text)
    case .binaryAck(let socket, let arguments, let id, let packet):
      let ack = IncomingAck(arguments: arguments, attachments: packet.attachments)
      socket.received(ack, id: id, in: packet.text.readableBytesSpan)
    case .disconnect(let socket): socket.disconnected(.clientNamespaceDisconnect)
    case .nothing: break
    case .violation: violated()
    }
  }

  // MARK: Output

  func sendPacket(_ write: (inout ByteBuffer) -> Void) {
    var packet = ByteBufferAllocator().buffer(capacity: 64)
    write(&packet)
    send(.text(packet))
  }

  func send(_ event: EncodedEvent, isCompressed: Bool = true) {
    guard let transport, !isLegacy else { return send(event.packets) }
    guard isOpen, !isOverfull else { return }
    transport.send(frames: event.frames, isCompressed: isCompressed)
  }

  // MARK: Ending

  /// The server takes the client out of one namespace.
  func disconnect(_ socket: Socket) {
    session.left(socket.namespace.name)
    sendPacket { PacketEncoder.disconnect(namespace: socket.namespace.name, into: &$0) }
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
  private func failed(_ error: SocketIOParseError) {
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
