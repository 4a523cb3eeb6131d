/// What a bare Engine.IO endpoint does with its clients' messages. The closures are shared by all clients, and called
/// on the client's loop; the bytes they are given are gone after the call.
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

  init(_ route: EngineRoute, _ opening: SessionOpening) {
    self.route = route
    super.init(opening)
  }

  override func received(text: RawSpan, before next: RawSpan) { route.receivedText(EngineSocket(self), text) }

  override func received(binary: RawSpan) { route.receivedBinary(EngineSocket(self), binary) }
}
