internal import NIOCore

/// An event for the clients of a namespace, as adapters carry it from server to server.
public struct Packet: Sendable {
  private enum Content: Sendable {
    /// As it was encoded here.
    case message(Message)
    /// Not encoded yet: only the namespace's adapter knows how its clients write packets.
    case event(Arguments, namespace: String)
  }

  private let content: Content
  /// Clients that cannot take it at once do not get it.
  public let isVolatile: Bool
  /// Worth compressing, where compression was agreed on.
  public let isCompressed: Bool

  init(_ message: Message) {
    content = .message(message)
    isVolatile = message.isVolatile
    isCompressed = message.isCompressed
  }

  /// - Parameters:
  ///   - event: the event's name and its arguments.
  ///   - namespace: whose clients it is for.
  ///   - isVolatile: see ``isVolatile``.
  ///   - isCompressed: see ``isCompressed``.
  public init(_ event: Arguments, namespace: String, isVolatile: Bool = false, isCompressed: Bool = true) {
    content = .event(event, namespace: namespace)
    self.isVolatile = isVolatile
    self.isCompressed = isCompressed
  }

  /// The event's name and its arguments.
  public var event: Arguments {
    switch content {
    case .message(let message): message.elements
    case .event(let event, _): event
    }
  }

  /// The same for the clients of another namespace.
  func inNamespace(_ name: String) -> Packet {
    Packet(event, namespace: name, isVolatile: isVolatile, isCompressed: isCompressed)
  }

  /// As clients are sent it. Throws when the event cannot be said in the parser's notation, and what a parser of the
  /// server's owner throws.
  func message(parser: Parser) throws -> Message {
    switch content {
    case .message(let message): return message
    case .event(let event, let namespace): return try encoded(event, namespace, nil, parser)
    }
  }

  /// As the clients of a namespace are sent it when they are asked for an acknowledgement. Throws as `message(parser:)`
  /// does.
  func message(asking id: UInt64, namespace: String, parser: Parser) throws -> Message {
    try encoded(event, namespace, id, parser)
  }

  private func encoded(_ event: Arguments, _ namespace: String, _ id: UInt64?, _ parser: Parser) throws -> Message {
    let event = try EncodedEvent(event, namespace: namespace, ackID: id, parser: parser)
    return Message(content: .event(event), isVolatile: isVolatile, isCompressed: isCompressed)
  }
}
