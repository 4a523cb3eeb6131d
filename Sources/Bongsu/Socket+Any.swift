internal import BongsuReactor

extension Socket {
  // MARK: Any event

  /// Calls `handler` with every event of the client, before middlewares and handlers, on the socket's loop.
  @discardableResult
  public func onAny(_ handler: @escaping @Sendable (SocketEvent) throws -> Void) -> EventListener {
    let listener = EventListener()
    addExtra { $0.incoming.append((listener, handler)) }
    return listener
  }

  /// As ``onAny(_:)``, before the listeners added so far.
  @discardableResult
  public func prependAny(_ handler: @escaping @Sendable (SocketEvent) throws -> Void) -> EventListener {
    let listener = EventListener()
    addExtra { $0.incoming.insert((listener, handler), at: 0) }
    return listener
  }

  /// Removes a listener to any event, or without an argument all of them.
  public func offAny(_ listener: EventListener? = nil) {
    addExtra { $0.incoming.removeAll { listener == nil || $0.listener == listener } }
  }

  /// Calls `handler` with every event that this client is sent, broadcasts included, when it is sent, on the socket's
  /// loop. Acknowledgements are no events.
  @discardableResult
  public func onAnyOutgoing(_ handler: @escaping @Sendable (SocketEvent) throws -> Void) -> EventListener {
    let listener = EventListener()
    addExtra { $0.outgoing.append((listener, handler)) }
    return listener
  }

  /// As ``onAnyOutgoing(_:)``, before the listeners added so far.
  @discardableResult
  public func prependAnyOutgoing(_ handler: @escaping @Sendable (SocketEvent) throws -> Void) -> EventListener {
    let listener = EventListener()
    addExtra { $0.outgoing.insert((listener, handler), at: 0) }
    return listener
  }

  /// Removes a listener to any outgoing event, or without an argument all of them.
  public func offAnyOutgoing(_ listener: EventListener? = nil) {
    addExtra { $0.outgoing.removeAll { listener == nil || $0.listener == listener } }
  }

  /// The listeners to any event, in the order in which they hear of it. Only on the socket's loop, that is, in its
  /// handlers.
  public var listenersAny: [EventListener] {
    precondition(loop.isCurrent, "a socket's listeners are known on its loop only")
    return extras?.incoming.map(\.listener) ?? []
  }

  /// The listeners to any outgoing event; as ``listenersAny``.
  public var listenersAnyOutgoing: [EventListener] {
    precondition(loop.isCurrent, "a socket's listeners are known on its loop only")
    return extras?.outgoing.map(\.listener) ?? []
  }

  // MARK: Middlewares and errors

  /// Lets every event of the client pass `middleware` before its handlers. One that throws keeps the event from them,
  /// and the handlers of ``onError(_:)`` hear of the error.
  public func use(_ middleware: @escaping @Sendable (SocketEvent) throws -> Void) {
    use { (event: inout SocketEvent) throws in try middleware(event) }
  }

  /// As the closure form; the middleware runs on the socket's loop as its executor. Events that wait may be overtaken
  /// by later ones.
  public func use(_ middleware: @escaping @Sendable (SocketEvent) async throws -> Void) {
    use { (event: inout SocketEvent) async throws in try await middleware(event) }
  }

  /// Lets every event of the client pass `middleware`, which may change its name and its arguments: the middlewares
  /// after it and the handlers get it as it is then. Listeners to any event have heard it before, as it was sent.
  ///
  /// `socket.use { event in event.name = event.name.lowercased() }`
  @_disfavoredOverload
  public func use(_ middleware: @escaping @Sendable (inout SocketEvent) throws -> Void) {
    addExtra { $0.middlewares.append(.immediate(middleware)) }
  }

  /// As the closure form; the middleware runs on the socket's loop as its executor. Events that wait may be overtaken
  /// by later ones.
  @_disfavoredOverload
  public func use(_ middleware: @escaping @Sendable (inout SocketEvent) async throws -> Void) {
    addExtra { $0.middlewares.append(.waiting(middleware)) }
  }

  /// Calls `handler` when a middleware throws and when the client sends what is no packet, before its connection is
  /// closed; the reference's event `error`.
  public func onError(_ handler: @escaping @Sendable (any Error) -> Void) {
    addExtra { $0.errorHandlers.append(handler) }
  }
}
