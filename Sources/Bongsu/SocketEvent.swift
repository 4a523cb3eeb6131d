internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

/// An event that somebody sees whatever its name is: a listener to any event, or a middleware of a socket, which may
/// change it for those who come after it (reference: the array `event`).
public struct SocketEvent: Sendable {
  /// The event's name. The handlers that are called are those of the name that it has in the end; one that is reserved
  /// has none.
  public var name: String
  /// What follows the name.
  public var arguments: Arguments { didSet { hasOtherArguments = true } }
  /// Whether the arguments are no longer those that were sent.
  private(set) var hasOtherArguments = false
  /// Answers the sender, if it asked for an acknowledgement; of an event on its way out, nobody.
  public let ack: Ack

  init(_ name: String, _ event: IncomingEvent, in text: RawSpan) {
    let list = event.payload.arguments
    let elements = list.text(from: 0).map { ByteBuffer(text.extracting($0)) } ?? ByteBuffer()
    self.name = name
    arguments = Arguments(elements, list.notation, attachments: event.attachments, count: list.count)
    ack = event.ack
  }

  /// An event as it is sent.
  init?(_ event: EncodedEvent) {
    guard let (name, rest) = event.elements.splitName() else { return nil }
    self.name = name
    arguments = rest
    ack = Ack()
  }
}
