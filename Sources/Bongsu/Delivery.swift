internal import BongsuReactor
internal import BongsuSession
internal import BongsuWebSocket
internal import NIOCore

/// One message on its way to the members on one loop: each of its forms is made when the first member needs it.
final class Delivery {
  let isVolatile: Bool
  private let message: Message
  private let namespace: String
  private let loop: Loop
  private var event: EncodedEvent?
  private lazy var eventFrames = FrameVariants(encoded.frames, on: loop)
  private lazy var plainFrames = FrameVariants(message.plainFrames, on: loop)

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
  func frames(for deflate: PerMessageDeflate?) -> SharedFrame {
    eventFrames.frames(for: deflate, on: loop)
  }

  /// For Socket.IO clients that poll.
  var packets: [OutgoingPacket] { encoded.packets }

  /// For plain WebSockets.
  func plain(for deflate: PerMessageDeflate?) -> SharedFrame {
    plainFrames.frames(for: deflate, on: loop)
  }
}
