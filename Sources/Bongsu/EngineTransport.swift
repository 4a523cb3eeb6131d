internal import BongsuBytes
internal import BongsuEngineIO
internal import BongsuReactor
internal import BongsuSession
internal import BongsuWebSocket
internal import NIOCore

/// An Engine.IO session's WebSocket: its transport, or one that is still being tried out (the probe of an upgrade).
final class EngineTransport: WebSocketTransport {
  // Ordered so that nothing lies between them: with 67 bytes in all an instance takes 80 of malloc's.

  let connection: Connection
  let deflate: PerMessageDeflate?
  /// Until the session or this WebSocket is over.
  @safe @exclusivity(unchecked) private var client: EngineClient?
  let hub: Hub
  var fansOut: Bool { true }
  let limits: WebSocketLimits
  // Not checked for overlapping accesses: no event of the decoder's comes back to it, as its protocol demands.
  @safe @exclusivity(unchecked) var decoder = WebSocketDecoder()
  private let dialect: EngineDialect
  @safe @exclusivity(unchecked) var isClosing = false
  @safe @exclusivity(unchecked) private var isProbe: Bool

  init(_ connection: Connection, _ deflate: PerMessageDeflate?, client: EngineClient, isProbe: Bool) {
    self.connection = connection
    self.deflate = deflate
    hub = client.hub
    dialect = client.engine.dialect
    self.client = client
    self.isProbe = isProbe
    limits = WebSocketLimits(messageBytes: client.hub.limits.messageBytes, fragments: client.hub.limits.fragments)
    connection.delegate = self
    connection.inputFollowsOutput = false
    connection.setDeadline(.never)
  }

  /// The probe has become the session's transport.
  func adopt() { isProbe = false }

  func received(_ bytes: inout MutableRawSpan, on connection: Connection) { take(&bytes) }

  func received(_ message: RawSpan, _ kind: MessageKind) -> Bool {
    note(message, kind)
    guard let client else { return true }
    if isProbe { client.probeReceived(message, kind) } else { client.received(message, kind) }
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
    client = nil
    sendClose(code: nil, reason: "")
  }

  func ended(code: UInt16, reason: String, isError: Bool) {
    guard let client = client.take() else { return }
    if isProbe { client.probeClosed() } else { client.transportClosed(isError ? .transportError : .transportClose) }
  }

  func drained() {
    guard let client, !isProbe else { return }
    client.caughtUp()
    client.tellSent()
  }
}
