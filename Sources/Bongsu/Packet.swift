internal import NIOCore
/// An event for the clients of a namespace, as adapters carry it from server to server.
public struct Packet: Sendable {
  let message: Message

  init(_ message: Message) { self.message = message }

  /// - Parameters:
  ///   - event: the event's name and its arguments.
  ///   - namespace: whose clients it is for.
  ///   - isVolatile: see ``isVolatile``.
  ///   - isCompressed: see ``isCompressed``.
  public init(_ event: Arguments, namespace: String, isVolatile: Bool = false, isCompressed: Bool = true) {
    var message = Message(content: .event(EncodedEvent(event, namespace: namespace)))
    message.isVolatile = isVolatile
    message.isCompressed = isCompressed
    self.message = message
  }

  /// The event's name and its arguments.
  public var event: Arguments { Arguments(array: message.event(namespace: "/")) }

  /// Clients that cannot take it at once do not get it.
  public var isVolatile: Bool { message.isVolatile }

  /// Worth compressing, where compression was agreed on.
  public var isCompressed: Bool { message.isCompressed }

  /// The same for the clients of another namespace.
  func inNamespace(_ name: String) -> Packet {
    Packet(event, namespace: name, isVolatile: isVolatile, isCompressed: isCompressed)
  }
}

extension EncodedEvent {
  /// - Parameter elements: the event's name and its arguments.
  init(_ elements: Arguments, namespace: String, ackID: UInt64? = nil) {
    self.init(
      elements: elements.elements.readableBytesSpan, attachments: elements.attachments, namespace: namespace,
      ackID: ackID)
  }
}
