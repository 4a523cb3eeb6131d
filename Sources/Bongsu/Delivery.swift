internal import BongsuReactor
internal import BongsuSession
internal import NIOCore

/// One message on its way to the members on one loop: each of its forms is made when the first member needs it.
final class Delivery {
  let isVolatile: Bool
  private let message: Message
  private let namespace: String
  private let loop: Loop
  private var event: EncodedEvent?
  private var eventFrames: SharedFrame?
  private var plainFrames: SharedFrame?

  init(_ message: Message, namespace: String, on loop: Loop) {
    self.message = message
    self.namespace = namespace
    self.loop = loop
    isVolatile = message.isVolatile
  }

  private var encoded: EncodedEvent {
    if let event { return event }
    let event = message.event(namespace: namespace)
    self.event = event
    return event
  }

  /// For Socket.IO clients on a WebSocket.
  var frames: SharedFrame {
    if let eventFrames { return eventFrames }
    let frames = loop.share(encoded.frames)
    eventFrames = frames
    return frames
  }

  /// For Socket.IO clients that poll.
  var packets: [OutgoingPacket] { encoded.packets }

  /// For plain WebSockets.
  var plain: SharedFrame {
    if let plainFrames { return plainFrames }
    let frames = loop.share(message.plainFrames)
    plainFrames = frames
    return frames
  }
}
