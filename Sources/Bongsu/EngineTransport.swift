internal import BongsuBytes
internal import BongsuEngineIO
internal import BongsuReactor
internal import BongsuSession
internal import BongsuWebSocket
internal import NIOCore

/// An Engine.IO session's WebSocket: its transport, or one that is still being tried out (the probe of an upgrade).
final class EngineTransport: WebSocketTransport {
  private enum Role {
    case transport(EngineClient)
    case probe(EngineClient)
  }

  // Ordered so that nothing lies between them: with 66 bytes in all an instance takes 80 of malloc's.

  let connection: Connection
  let deflate: PerMessageDeflate?
  /// Until the session or this WebSocket is over.
  private var role: Role?
  unowned let hub: Hub
  var fansOut: Bool { true }
  let limits: WebSocketLimits
  // Not checked for overlapping accesses: no event of the decoder's comes back to it, as its protocol demands.
  @safe @exclusivity(unchecked) var decoder = WebSocketDecoder()
  private let dialect: EngineDialect
  @safe @exclusivity(unchecked) var isClosing = false

  init(_ connection: Connection, _ deflate: PerMessageDeflate?, client: EngineClient, isProbe: Bool) {
    self.connection = connection
    self.deflate = deflate
    hub = client.hub
    dialect = client.engine.dialect
    role = isProbe ? .probe(client) : .transport(client)
    limits = WebSocketLimits(messageBytes: client.hub.limits.messageBytes, fragments: client.hub.limits.fragments)
    connection.delegate = self
    connection.inputFollowsOutput = false
    connection.setDeadline(.never)
  }

  /// The probe has become the session's transport.
  func adopt() {
    if case .probe(let client) = role { role = .transport(client) }
  }

  func received(_ bytes: inout MutableRawSpan, on connection: Connection) { take(&bytes) }

  func received(_ message: RawSpan, _ kind: MessageKind) -> Bool {
    note(message, kind)
    switch role {
    case .probe(let client): client.probeReceived(message, kind)
    case .transport(let client): client.received(message, kind)
    case nil: return true
    }
    return connection.isOpen
  }

  /// Sends what others are sent as well, if there is room for it; returns whether there was.
  func deliver(_ delivery: Delivery) -> Bool {
    guard connection.takes(upTo: delivery.queuedBytesLimit) else { return false }
    connection.send(shared: delivery.frames(for: deflate))
    return true
  }

  func send(_ packet: OutgoingPacket, isCompressed: Bool = true) {
    switch (packet, dialect) {
    case (.text(let bytes), _): send(.text, bytes.readableBytesSpan, isCompressed: isCompressed)
    case (.binary(let bytes), .version4): send(.binary, bytes.readableBytesSpan, isCompressed: isCompressed)
    case (.binary(let bytes), .version3):
      var message = ByteBufferAllocator().buffer(capacity: bytes.readableBytes + 1)
      PayloadWriter.Version3.append(bytes: bytes.readableBytesSpan, to: &message)
      send(.binary, message.readableBytesSpan, isCompressed: isCompressed)
    case (.binary(let bytes), .version3Text):
      var message = ByteBufferAllocator().buffer(capacity: bytes.readableBytes * 2)
      PayloadWriter.Version3.append(base64: bytes.readableBytesSpan, to: &message)
      send(.text, message.readableBytesSpan, isCompressed: isCompressed)
    }
  }

  /// An Engine.IO session says goodbye with an empty close frame, whatever the reason.
  func close() {
    role = nil
    sendClose(code: nil, reason: "")
  }

  func ended(code: UInt16, reason: String, isError: Bool) {
    switch role.take() {
    case .probe(let client): client.probeClosed()
    case .transport(let client): client.transportClosed(isError ? .transportError : .transportClose)
    case nil: break
    }
  }

  func drained() {
    guard case .transport(let client) = role else { return }
    client.caughtUp()
    client.tellSent()
  }
}
