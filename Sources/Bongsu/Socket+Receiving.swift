internal import BongsuSession
internal import BongsuReactor
internal import BongsuSocketIO
internal import NIOCore

// The way of an event from the client to the handlers, on the socket's loop.
extension Socket {
  func received(_ event: IncomingEvent, in text: RawSpan) {
    guard connected else { return }
    if let extras, let name = event.payload.name.text(in: text) { return pass(extras, name, event, text) }
    dispatch(event, text)
  }

  private func dispatch(_ event: IncomingEvent, _ text: RawSpan) {
    guard let name = event.payload.name.key(in: text) else { return }
    dispatch(name, event, text)
  }

  private func dispatch(_ name: EventKey, _ event: IncomingEvent, _ text: RawSpan) {
    if !shared.isEmpty { shared.take(name).forEach { call($0.handler, event, text) } }
    if !handlers.isEmpty { handlers.take(name).forEach { call($0.handler, event, text) } }
  }

  private func call(_ handler: EventHandler, _ event: IncomingEvent, _ text: RawSpan) {
    do { try handler(self, event, text) } catch { namespace.report(error) }
  }

  /// Whether a packet is the client's DISCONNECT from this namespace. The reference never delivers an event that comes
  /// directly before it in one payload: it dispatches later than it disconnects.
  func isLeft(by packet: RawSpan) -> Bool {
    guard packet.byteCount > 0, unsafe packet.unsafeLoad(as: UInt8.self) == PacketType.disconnect.rawValue,
      let head = try? PacketHead(parsing: packet, maximumAttachments: 0)
    else { return false }
    return (head.namespace.map { packet.string($0) } ?? "/") == namespace.name && head.payload == nil
  }

  // MARK: Listeners to any event and middlewares

  /// Listeners hear of an event before the middlewares do (reference: `Socket.onevent`).
  private func pass(_ extras: SocketExtras, _ name: String, _ event: IncomingEvent, _ text: RawSpan) {
    guard !extras.incoming.isEmpty || !extras.middlewares.isEmpty else { return dispatch(event, text) }
    var seen = SocketEvent(name, event, in: text)
    tell(extras.incoming, of: seen)
    let middlewares = extras.middlewares
    for (index, middleware) in middlewares.enumerated() {
      guard case .immediate(let check) = middleware else {
        return wait(for: middlewares[index...], seen, event, ByteBuffer(text))
      }
      do { try check(&seen) } catch { return failed(error) }
    }
    dispatch(seen, event, text)
  }

  private func wait(
    for rest: ArraySlice<SocketExtras.Middleware>, _ event: SocketEvent, _ sent: IncomingEvent, _ text: ByteBuffer
  ) {
    Task(executorPreference: loop) { [self] in
      var event = event
      do {
        for middleware in rest {
          switch middleware {
          case .immediate(let check): try check(&event)
          case .waiting(let check): try await check(&event)
          }
        }
      } catch { return failed(error) }
      dispatch(event, sent, text.readableBytesSpan)
    }
  }

  /// Calls the handlers with what the middlewares have made of an event that was sent.
  private func dispatch(_ event: SocketEvent, _ sent: IncomingEvent, _ text: RawSpan) {
    guard connected else { return }
    guard !EventName.isReserved(event.name) else { return failed(EventError.reservedName(event.name)) }
    guard event.hasOtherArguments else { return dispatch(EventKey(event.name), sent, text) }
    do {
      try event.arguments.withList { list, text in
        let payload = EventPayload(name: .absent, arguments: list)
        let changed = IncomingEvent(payload: payload, attachments: event.arguments.attached, ack: sent.ack)
        dispatch(EventKey(event.name), changed, text)
      }
    } catch { failed(error) }
  }

  private func tell(_ listeners: [(listener: EventListener, handler: SocketExtras.AnyHandler)], of event: SocketEvent) {
    for (_, handler) in listeners {
      do { try handler(event) } catch { namespace.report(error) }
    }
  }

  /// Shows an event on its way out to those who want to see all of them.
  func tell(_ listeners: [(listener: EventListener, handler: SocketExtras.AnyHandler)], of event: EncodedEvent) {
    if let seen = SocketEvent(event) { tell(listeners, of: seen) }
  }

  // MARK: Events of the server's own

  /// Something went wrong with what the client sent; who handles errors of this socket hears of it, else
  /// ``Configuration/onError`` does.
  func failed(_ error: any Error) {
    let handlers = extras?.errorHandlers ?? []
    if handlers.isEmpty { namespace.report(error) }
    for handler in handlers { handler(error) }
  }

  /// Calls handlers with an event that no client sent: its name is reserved on the wire.
  func dispatch(_ name: String, _ reason: CloseReason) {
    let key = EventKey(name)
    // All of them, before one of them takes others away.
    let called = [shared.take(key), handlers.take(key)]
    if called.allSatisfy(\.isNobody) { return }
    var elements = ByteBuffer(string: #"2["","#)
    JSONText.write(reason.rawValue, into: &elements)
    elements.writeString(",")
    JSONText.write(reason.explanation, into: &elements)
    elements.writeString("]")
    let text = elements.readableBytesSpan
    guard let head = try? PacketHead(parsing: text, maximumAttachments: 0),
      case .event(let payload)? = try? PacketBody(parsing: text, head: head)
    else { return }
    let event = IncomingEvent(payload: payload, attachments: [], ack: Ack())
    for handlers in called { handlers.forEach { call($0.handler, event, text) } }
  }
}
