internal import BongsuReactor
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

/// One client's session of Engine.IO: all there is of a client by bare Engine.IO (``EngineRoute``), and what lies below
/// the namespaces of one by Socket.IO (reference: `socket.conn`).
///
/// For any thread, except for what says that it is for the client's loop, where its handlers run.
public struct EngineSocket: @unchecked Sendable {
  /// In this order, each once at most.
  public enum ReadyState: String, Sendable {
    case open
    /// Closed by the server; what waits for a polling client goes out with its next poll.
    case closing
    case closed
  }

  let client: EngineClient

  init(_ client: EngineClient) { self.client = client }

  // MARK: Who it is

  /// The session's id. Whoever knows that of a session by long polling can be its client: it is for nobody else. With
  /// ``EngineOptions/generateId``, only on the client's loop.
  public var id: String { client.sid }

  /// The version of Engine.IO that the client speaks: 4, or 3 (``EngineOptions/allowEIO3``).
  public var `protocol`: Int { client.isLegacy ? 3 : 4 }

  /// The peer's address at the session's first request; a proxy's when there is one in front.
  public var remoteAddress: String { client.request.address }

  /// The session's first request.
  public var request: Request { client.request.request }

  /// Whose client it is.
  public var server: Server { client.hub.server }

  // MARK: How it is

  /// Whether the session is open. Only on the client's loop.
  public var readyState: ReadyState {
    checkLoop()
    return switch client.engine.state {
    case .open: .open
    case .closing: .closing
    case .closed: .closed
    }
  }

  /// What the client's bytes come by, and whether it can be sent something at once: nothing waits for a WebSocket, or a
  /// poll waits. Only on the client's loop.
  public var transport: (name: Transport, writable: Bool) {
    checkLoop()
    return (client.transportName.public, client.isWritable)
  }

  /// Whether the client came by long polling and has changed to a WebSocket. Only on the client's loop.
  public var upgraded: Bool {
    checkLoop()
    return client.transportName == .webSocket && client.request.query("transport") == Transport.polling.rawValue
  }

  private func checkLoop() {
    precondition(client.hub.loop.isCurrent, "how a client's session is, is known on its loop only")
  }

  // MARK: Sending

  /// Sends a message.
  ///
  /// - Parameters:
  ///   - message: text or bytes.
  ///   - compress: whether it is worth compressing, where compression was agreed on.
  ///   - sent: called on the client's loop when the message has left: when the kernel has it, or the poll its answer.
  ///     Not for a session that ends before.
  public func send(_ message: EngineMessage, compress: Bool = true, sent: (@Sendable () -> Void)? = nil) {
    let packet = message.packet
    onLoop {
      if let sent { client.callWhenSent(sent) }
      client.send(packet, isCompressed: compress)
    }
  }

  /// The same as ``send(_:compress:sent:)``.
  public func write(_ message: EngineMessage, compress: Bool = true, sent: (@Sendable () -> Void)? = nil) {
    send(message, compress: compress, sent: sent)
  }

  /// Sends a text message; the bytes must be UTF-8.
  public func send(text: RawSpan) {
    var packet = ByteBuffer(string: "4")
    packet.write(text)
    send(.text(packet))
  }

  /// Sends a binary message.
  public func send(binary: RawSpan) { send(.binary(ByteBuffer(binary))) }

  private func send(_ packet: OutgoingPacket) {
    if client.hub.loop.isCurrent { client.send(packet) } else { onLoop { client.send(packet) } }
  }

  /// Ends the session once the client has what waits for it, or at once with `discard`, and with it all its sockets:
  /// they hear `forced close`.
  public func close(_ discard: Bool = false) {
    onLoop { if discard { client.discard() } else { client.closeGracefully() } }
  }

  func onLoop(_ body: @escaping @Sendable () -> Void) {
    if client.hub.loop.isCurrent { body() } else { client.hub.loop.submit(body) }
  }
}

/// Two are equal when they are of one session.
extension EngineSocket: Hashable {
  /// Whether both are of one session.
  public static func == (left: EngineSocket, right: EngineSocket) -> Bool { left.client === right.client }

  /// By the session.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(client)) }
}

extension EngineSession.Transport {
  /// As users of the library know it.
  var `public`: Transport { self == .webSocket ? .webSocket : .polling }
}
