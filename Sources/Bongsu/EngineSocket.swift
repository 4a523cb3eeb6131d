internal import BongsuReactor
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

/// A client by bare Engine.IO: messages without events, acknowledgements or rooms. For its own loop, where its handlers
/// run.
public final class EngineSocket {
  private unowned let client: EngineMessageClient

  fileprivate init(_ client: EngineMessageClient) { self.client = client }

  /// The session's id.
  public var id: String { client.sid }

  /// Sends a text message; the bytes must be UTF-8.
  public func send(text: RawSpan) {
    var packet = ByteBuffer(string: "4")
    packet.write(text)
    client.send(.text(packet))
  }

  /// Sends a binary message.
  public func send(binary: RawSpan) { client.send(.binary(ByteBuffer(binary))) }

  /// Ends the session.
  public func close() { client.closeGracefully() }
}

/// What a bare Engine.IO endpoint does with its clients' messages. The closures are shared by all clients.
public struct EngineRoute: Sendable {
  let path: String
  let options: EngineOptions?
  let receivedText: @Sendable (EngineSocket, RawSpan) -> Void
  let receivedBinary: @Sendable (EngineSocket, RawSpan) -> Void

  /// - Parameters:
  ///   - path: where the endpoint lives: `/engine.io`.
  ///   - options: everything else; `nil` for those of ``Configuration/engine``.
  ///   - text: what is done with a message of text.
  ///   - binary: what is done with a message of bytes.
  public init(
    path: String, options: EngineOptions? = nil, text: @escaping @Sendable (EngineSocket, RawSpan) -> Void,
    binary: @escaping @Sendable (EngineSocket, RawSpan) -> Void
  ) {
    self.path = path
    self.options = options
    receivedText = text
    receivedBinary = binary
  }
}

final class EngineMessageClient: EngineClient {
  private let route: EngineRoute
  private var socket: EngineSocket?

  init(_ route: EngineRoute, _ opening: SessionOpening) {
    self.route = route
    super.init(opening)
    socket = EngineSocket(self)
  }

  override func received(text: RawSpan, before next: RawSpan) {
    if let socket { route.receivedText(socket, text) }
  }

  override func received(binary: RawSpan) {
    if let socket { route.receivedBinary(socket, binary) }
  }
}
