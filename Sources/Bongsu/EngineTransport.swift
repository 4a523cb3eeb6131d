internal import BongsuBytes
internal import BongsuEngineIO
internal import BongsuReactor
internal import BongsuSession
internal import BongsuWebSocket
internal import NIOCore

/// An Engine.IO session's WebSocket: its transport, or one that is still being tried out (the probe of an upgrade).
final class EngineTransport: WebSocketTransport {
  let connection: Connection
  var decoder: WebSocketDecoder
  /// Until the session or this WebSocket is over.
  private var client: EngineClient?
  unowned let hub: Hub
  var fansOut: Bool { true }
  private var isProbe: Bool
  var isClosing = false

  init(_ connection: Connection, client: EngineClient, isProbe: Bool) {
    self.connection = connection
    self.client = client
    hub = client.hub
    self.isProbe = isProbe
    let limits = client.hub.configuration.limits
    decoder = WebSocketDecoder(
      limits: WebSocketLimits(messageBytes: limits.messageBytes, fragments: limits.fragments))
    connection.delegate = self
    connection.inputFollowsOutput = false
    connection.setDeadline(.never)
  }

  /// The probe has become the session's transport.
  func adopt() { isProbe = false }

  func received(_ bytes: inout ByteBuffer, on connection: Connection) { take(&bytes) }

  func received(_ message: RawSpan, _ kind: MessageKind) -> Bool {
    guard let client else { return true }
    if isProbe {
      client.probeReceived(message, kind)
    } else {
      client.received(message, kind)
    }
    return connection.isOpen
  }

  func send(_ packet: OutgoingPacket) {
    connection.write { output in
      switch packet {
      case .text(let bytes): WebSocketEncoder.append(.text, bytes.readableBytesSpan, to: &output)
      case .binary(let bytes): WebSocketEncoder.append(.binary, bytes.readableBytesSpan, to: &output)
      }
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

  func drained() {}
}
