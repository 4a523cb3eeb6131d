internal import BongsuReactor
internal import BongsuSocketIO

// How an event or an answer gets to one client. On the client's loop it is written with the loop's own encoder, and
// from there into the turn's output where a frame of text is all it takes. Otherwise it is encoded first, which takes a
// dozen times as long.
extension Socket {
  /// What an event's arguments are appended to, for sending.
  @inline(__always)
  func encoder(for event: String) throws(EventError) -> ArgumentEncoder {
    guard !EventName.isReserved(event) else { throw .reservedName(event) }
    let encoder = takeEncoder()
    encoder.append(name: event)
    return encoder
  }

  /// What an answer's values are appended to, for answering.
  func takeEncoder() -> ArgumentEncoder {
    isOnLoop ? holder.hub.takeEncoder() : ArgumentEncoder(parser: namespace.parser)
  }

  private func giveBack(_ encoder: consuming ArgumentEncoder) {
    guard isOnLoop else { return }
    encoder.clear()
    holder.hub.giveBack(encoder)
  }

  /// Sends an event. Throws what a parser of the server's owner throws.
  func send(_ encoder: consuming ArgumentEncoder, _ flags: EmitFlags) throws {
    if isOnLoop, hasShortcut, !isWatched, encoder.withFrame(.event, namespace: namespace.name, { sendByShortcut($0) }) {
      return giveBack(encoder)
    }
    let event = try encoder.event(namespace: namespace.name, ackID: nil)
    giveBack(encoder)
    send(event, flags)
  }

  /// Sends an acknowledgement. Throws what a parser of the server's owner throws.
  func answer(_ encoder: consuming ArgumentEncoder, _ id: AckID) throws {
    // Listeners see no acknowledgements, and none is kept.
    if isOnLoop, hasShortcut, encoder.withFrame(.ack, namespace: namespace.name, ackID: id, { sendByShortcut($0) }) {
      return giveBack(encoder)
    }
    let ack = try encoder.ack(id, namespace: namespace.name)
    giveBack(encoder)
    answer(ack)
  }

  private var isOnLoop: Bool { holder.hub.loop.identity.isCurrent }

  /// Whether somebody wants to see what the client is sent, or to keep it.
  private var isWatched: Bool {
    guard let extras else { return false }
    return !extras.outgoing.isEmpty || extras.continuity != nil
  }
}
