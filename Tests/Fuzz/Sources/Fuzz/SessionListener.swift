import BongsuBytes
import BongsuEngineIO
import BongsuSession
import BongsuSocketIO
import BongsuWebSocket
import NIOCore

/// What a client says, followed up to the Socket.IO session. Its sockets are numbers.
final class SessionListener: WebSocketEvents {
  var engine: EngineSession
  var now = MonotonicTime(milliseconds: 1_000)
  /// What the packets asked for; to be done when the decoder is through.
  private(set) var actions: [EngineAction] = []
  private(set) var heard: [String] = []
  /// Whether time alone has done nothing yet.
  var isUndisturbed = true

  private var session: SocketIOSession<Int>
  private let limits: SocketIOLimits
  private var joins = 0
  private var names: [Int: String] = [:]

  init(_ engine: EngineSession) {
    self.engine = engine
    var limits = SocketIOLimits()
    limits.namespaces = 4
    self.limits = limits
    session = SocketIOSession(limits: limits)
  }

  func takeActions() -> [EngineAction] {
    defer { actions = [] }
    return actions
  }

  func received(_ message: RawSpan, _ kind: MessageKind) -> Bool {
    kind == .text ? packet(EnginePacket(decoding: message), message) : attachment(ByteBuffer(message))
    return engine.state == .open
  }

  func receivedPing(_ payload: RawSpan) -> Bool { true }
  func receivedPong(_ payload: RawSpan) -> Bool { true }

  func receivedClose(code: UInt16?, reason: RawSpan) {
    actions += engine.webSocketClosed(.transportClose)
  }

  func packet(_ packet: EnginePacket, _ bytes: RawSpan) {
    switch engine.received(packet, now: now) {
    case .message(let range): message(bytes.extracting(range))
    case .binary(let range): attachment(Base64.decode(bytes.extracting(range)))
    case .bytes: require(false, "version 4 has its bytes in base64 here")
    case .nothing: break
    case .actions(let asked): actions += asked
    }
  }

  private func message(_ text: RawSpan) {
    // Polling bodies are not checked before they come here.
    guard UTF8Validator.isValid(text) else { return fail() }
    do throws(SocketIOParseError) {
      note(try session.received(text: text), text)
    } catch {
      fail()
    }
  }

  private func attachment(_ bytes: ByteBuffer) {
    guard engine.state == .open else { return }
    do throws(SocketIOParseError) {
      note(try session.received(attachment: bytes), RawSpan())
    } catch {
      fail()
    }
  }

  private func fail() {
    heard.append("error")
    actions += engine.close(.parseError)
  }

  private func note(_ packet: IncomingPacket<Int>, _ text: RawSpan) {
    switch packet {
    case .connect(let namespace, let auth): join(namespace, auth.map { text.string($0) })
    case .event(let socket, let event, _):
      let name = event.name.text(in: text) ?? ""
      heard.append("event \(socket) \(name) \(event.arguments.count)")
      if name == "bye" { leave(socket) }
    case .ack(let socket, let list, let id): heard.append("ack \(socket) \(id) \(list.count)")
    case .binaryEvent(let socket, let event, _, let packet):
      require((1...limits.attachments).contains(packet.attachments.count), "as many attachments as allowed")
      heard.append("binary \(socket) \(event.name.text(in: packet.text.readableBytesSpan) ?? "")")
    case .binaryAck(let socket, _, let id, let packet):
      require((1...limits.attachments).contains(packet.attachments.count), "as many attachments as allowed")
      heard.append("binary ack \(socket) \(id)")
    case .connectByQuery: require(false, "version 5 has no queries")
    case .disconnect(let socket):
      require(!session.sockets.contains(socket), "who has left is gone")
      heard.append("disconnect \(socket)")
    case .nothing: break
    case .violation: fail()
    }
  }

  /// Lets some in and refuses some, by the name of the namespace.
  private func join(_ namespace: String, _ auth: String?) {
    heard.append("connect \(namespace) \(auth ?? "")")
    guard session.namespaceCount <= limits.namespaces, !namespace.hasSuffix("no") else {
      return session.refused(namespace)
    }
    joins += 1
    require(session.joined(namespace, joins), "who asked may be let in")
    require(!session.joined(namespace, joins), "but once")
    require(session.sockets.contains(joins) && session.namespaceCount <= limits.namespaces, "and is in")
    names[joins] = namespace
  }

  /// The server takes a socket out that says goodbye.
  private func leave(_ socket: Int) {
    let others = session.sockets.filter { $0 != socket }
    session.left(names[socket] ?? "")
    requireEqual(session.sockets, others, "nobody else leaves")
  }

  func endSockets() {
    let sockets = session.end()
    require(Set(sockets).count == sockets.count && session.namespaceCount == 0, "nobody is left")
  }
}
