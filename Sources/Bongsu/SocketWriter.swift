internal import BongsuReactor
internal import BongsuSocketIO

/// An event or an answer on its way to one client. On the client's loop it is written into the loop's own draft and
/// from there into the turn's output, if nobody else wants to see it; elsewhere and otherwise it is encoded first.
struct SocketWriter {
  private let socket: Socket
  /// Where the caller is, if that is the client's loop.
  private let hub: Hub?
  private var encoder: ArgumentEncoder

  /// For an event.
  @inline(__always)
  init(event: String, to socket: Socket) throws(EventError) {
    guard !EventName.isReserved(event) else { throw .reservedName(event) }
    self.socket = socket
    hub = socket.loop.isCurrent ? socket.holder.hub : nil
    let draft = hub?.takeDraft() ?? PacketDraft()
    encoder = ArgumentEncoder(event: event, parser: socket.namespace.parser, draft: draft)
  }

  /// For an answer.
  init(answering socket: Socket) {
    self.socket = socket
    hub = socket.loop.isCurrent ? socket.holder.hub : nil
    encoder = ArgumentEncoder(parser: socket.namespace.parser, draft: hub?.takeDraft() ?? PacketDraft())
  }

  /// Appends an argument. Throws what the value's own encoding throws.
  @inline(__always)
  mutating func append<Value: Encodable>(_ value: Value) throws { try encoder.append(value) }

  /// Throws what a parser of the server's owner throws.
  func send(_ flags: EmitFlags) throws {
    defer { hub?.giveBack(encoder.draft) }
    if hub != nil, let transport = socket.shortWay(flags.isCompressed),
      encoder.withFrame(.event, namespace: socket.namespace.name, ackID: nil, { transport.send(frames: $0) })
    {
      return
    }
    socket.send(try encoder.event(namespace: socket.namespace.name, ackID: nil), flags)
  }

  /// Throws what a parser of the server's owner throws.
  func answer(_ id: AckID) throws {
    defer { hub?.giveBack(encoder.draft) }
    // Listeners see no acknowledgements, and none is kept.
    if hub != nil, socket.connected, let transport = socket.holder.shortWay(isCompressed: true),
      encoder.withFrame(.ack, namespace: socket.namespace.name, ackID: id, { transport.send(frames: $0) })
    {
      return
    }
    socket.answer(try encoder.ack(id, namespace: socket.namespace.name))
  }
}
