internal import BongsuReactor
internal import BongsuSession
internal import BongsuWebSocket
internal import NIOCore

/// One message on its way to the members on one loop: each of its forms is made when the first member needs it.
final class Delivery {
  let isVolatile: Bool
  /// No more may wait for one client: ``Limits/queuedBytes``.
  let queuedBytesLimit: Int
  private let message: Message
  /// Where the message is kept for clients that come back.
  private let packet: KeptPacket?
  /// The packet's position, 0 without one, and the oldest position that is kept.
  let position: UInt64
  let firstKept: UInt64
  private let adapter: MemoryAdapter
  private let loop: Loop
  private var event: EncodedEvent?
  private var plainMessage: ByteBuffer?
  /// Asked for when the first client turns out to be slow.
  private(set) lazy var slowReaders = adapter.slowReaders
  // Every delivery looks at these, so overlapping accesses are not checked for: nothing that is called during one comes
  // back here.
  @safe @exclusivity(unchecked) private var eventFrames: FrameVariants?
  @safe @exclusivity(unchecked) private var plainFrames: FrameVariants?

  convenience init(_ message: Message, of adapter: MemoryAdapter, on hub: Hub) {
    self.init(message, nil, first: 0, of: adapter, on: hub)
  }

  convenience init(_ packet: KeptPacket, first: UInt64, of adapter: MemoryAdapter, on hub: Hub) {
    let message = Message(content: .event(packet.event(of: adapter)), isCompressed: packet.isCompressed)
    self.init(message, packet, first: first, of: adapter, on: hub)
  }

  private init(_ message: Message, _ packet: KeptPacket?, first: UInt64, of adapter: MemoryAdapter, on hub: Hub) {
    self.message = message
    self.packet = packet
    position = packet?.position ?? 0
    firstKept = first
    self.adapter = adapter
    loop = hub.loop
    isVolatile = message.isVolatile
    queuedBytesLimit = hub.limits.queuedBytes
  }

  /// As Socket.IO clients are sent it.
  var encoded: EncodedEvent {
    if let event { return event }
    let event: EncodedEvent
    do { event = try message.event(namespace: adapter.namespace, parser: adapter.parser) } catch {
      adapter.onError(error)
      event = .nothing
    }
    self.event = event
    return event
  }

  var isCompressed: Bool { message.isCompressed }

  private var framesOfMessage: ByteBuffer { packet?.plainFrames(of: adapter) ?? message.plainFrames }

  /// For plain WebSockets that are not sent it yet.
  var plainBytes: ByteBuffer {
    if let plainMessage { return plainMessage }
    let bytes = plainFrames?.frames ?? framesOfMessage
    plainMessage = bytes
    return bytes
  }

  /// Of the largest form that was needed so far.
  var byteCount: Int { max(eventFrames?.frames.readableBytes ?? 0, plainFrames?.frames.readableBytes ?? 0) }

  /// For Socket.IO clients on a WebSocket.
  func frames(for deflate: PerMessageDeflate?) -> SharedFrame {
    if deflate == nil || !message.isCompressed, let frames = eventFrames?.plain { return frames }
    return frames(for: deflate, from: &eventFrames, encoded.frames)
  }

  /// For Socket.IO clients that poll.
  var packets: [OutgoingPacket] { encoded.packets }

  /// For plain WebSockets.
  func plain(for deflate: PerMessageDeflate?) -> SharedFrame {
    if deflate == nil || !message.isCompressed, let frames = plainFrames?.plain { return frames }
    return frames(for: deflate, from: &plainFrames, framesOfMessage)
  }

  private func frames(
    for deflate: PerMessageDeflate?, from variants: inout FrameVariants?, _ frames: @autoclosure () -> ByteBuffer
  ) -> SharedFrame {
    var known = variants.take() ?? FrameVariants(frames(), on: loop)
    defer { variants = known }
    return known.frames(for: message.isCompressed ? deflate : nil, on: loop)
  }
}
