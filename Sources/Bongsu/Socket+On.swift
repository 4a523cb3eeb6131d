internal import BongsuReactor
internal import BongsuSocketIO

extension Socket {
  /// Calls `handler` with the arguments of each event of this name, on the socket's loop.
  ///
  /// The last argument that `handler` declares may be an ``Ack``, which answers a sender that asked for an
  /// acknowledgement. Missing arguments read as `null`, further ones are ignored. Arguments that are not what `handler`
  /// declares, and errors it throws, are reported to ``Configuration/onError``.
  ///
  /// The events `disconnecting` and `disconnect` come from the server itself, with the reason as a string and another
  /// string that explains it.
  @discardableResult
  public func on<each Argument: Decodable & SendableMetatype>(
    _ event: String, _ handler: @escaping @Sendable (repeat each Argument) throws -> Void
  ) -> EventListener {
    add(event, isOnce: false, Self.closure(handler))
  }

  /// As the general form, at less cost: for what passes on all that came, and looks at none of it. A closure that does
  /// not say what it takes is given this: `socket.on("move") { socket.to("board").emit("move", $0) }`.
  @discardableResult
  public func on(_ event: String, _ handler: @escaping @Sendable (Arguments) throws -> Void) -> EventListener {
    add(event, isOnce: false) { _, event, text in try handler(event.arguments(in: text)) }
  }

  /// As the closure form; `handler` runs on the socket's loop as its executor, one task for each event.
  @discardableResult
  public func on<each Argument: Decodable & Sendable>(
    _ event: String, _ handler: @escaping @Sendable (repeat each Argument) async throws -> Void
  ) -> EventListener {
    add(event, isOnce: false) { socket, event, text in
      var decoder = ArgumentDecoder(event.payload.arguments, attachments: event.attachments, ack: event.ack)
      let arguments = (repeat try decoder.next((each Argument).self, in: text))
      socket.run { try await handler(repeat each arguments) }
    }
  }

  /// Calls `handler` for the next event of this name only.
  @discardableResult
  public func once<each Argument: Decodable & SendableMetatype>(
    _ event: String, _ handler: @escaping @Sendable (repeat each Argument) throws -> Void
  ) -> EventListener {
    add(event, isOnce: true, Self.closure(handler))
  }

  /// Removes all of this socket's handlers of an event.
  public func off(_ event: String) {
    onLoop { [self] in handlers.remove(event) }
  }

  /// Removes one handler of an event: what `on` or `once` returned.
  public func off(_ event: String, _ listener: EventListener) {
    onLoop { [self] in handlers.remove(event, listener) }
  }

  /// Removes all of this socket's handlers of all events (reference: `removeAllListeners`).
  public func off() {
    onLoop { [self] in handlers = EventHandlers() }
  }

  /// This socket's own handlers of an event, in the order in which they hear of it. Only on the socket's loop, that is,
  /// in its handlers.
  public func listeners(_ event: String) -> [EventListener] {
    precondition(loop.isCurrent, "a socket's listeners are known on its loop only")
    return handlers.listeners(event)
  }

  /// The events that this socket has handlers of, in no order; as ``listeners(_:)``.
  public var eventNames: [String] {
    precondition(loop.isCurrent, "a socket's listeners are known on its loop only")
    return handlers.names
  }

  func add(_ event: String, isOnce: Bool, _ handler: @escaping EventHandler) -> EventListener {
    let listener = EventListener()
    onLoop { [self] in if !isGone { handlers.add(event, listener, isOnce: isOnce, handler) } }
    return listener
  }

  private static func closure<each Argument: Decodable & SendableMetatype>(
    _ handler: @escaping @Sendable (repeat each Argument) throws -> Void
  ) -> EventHandler {
    { _, event, text in
      var decoder = ArgumentDecoder(event.payload.arguments, attachments: event.attachments, ack: event.ack)
      try handler(repeat try decoder.next((each Argument).self, in: text))
    }
  }

  private func run(_ body: @escaping @Sendable () async throws -> Void) {
    let namespace = self.namespace
    Task(executorPreference: loop) {
      do { try await body() } catch { namespace.report(error) }
    }
  }
}
