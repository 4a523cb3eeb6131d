internal import BongsuReactor
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

// A client's way into a namespace: there has to be one of that name, and its middlewares have to let the client pass.
extension Client {
  func connect(_ name: String, auth: ByteBuffer?) {
    guard session.namespaceCount <= hub.limits.namespacesPerConnection else {
      hub.reached(.namespacesPerConnection, by: self)
      return refuse(name, ConnectError("Too many namespaces"))
    }
    let entrance = server.namespaces.enter(name)
    guard case .unknown = entrance else { return enter(name, entrance, auth: auth) }
    // A function decides whether there may be such a namespace.
    let me = UncheckedReference(value: self)
    let namespaces = server.namespaces
    let json = JSONBytes(auth ?? ByteBuffer(string: "{}"))
    Task(executorPreference: hub.loop) {
      let entrance = await namespaces.enter(name, auth: json)
      me.value.enter(name, entrance, auth: auth)
    }
  }

  private func enter(_ name: String, _ entrance: Namespaces.Entrance, auth: ByteBuffer?) {
    switch entrance {
    case .open(let namespace): admit(to: namespace, auth: auth)
    case .full:
      hub.reached(.childNamespaces, by: self)
      refuse(name, ConnectError("Too many namespaces"))
    case .unknown, .closed: refuse(name, ConnectError("Invalid namespace"))
    }
  }

  // MARK: Middlewares

  func introduce(_ socket: Socket) {
    if socket.recovered, isOpen, socket.skipsMiddlewares { return welcome(socket) }
    let middlewares = socket.namespace.declared.middlewares
    for (index, middleware) in middlewares.enumerated() {
      guard case .immediate(let check) = middleware else { return wait(for: middlewares[index...], socket) }
      do { try check(socket) } catch { return turnAway(socket, error) }
    }
    welcome(socket)
  }

  private func wait(for rest: ArraySlice<NamespaceMiddleware>, _ socket: Socket) {
    Task(executorPreference: hub.loop) {
      do {
        for middleware in rest {
          switch middleware {
          case .immediate(let check): try check(socket)
          case .waiting(let check): try await check(socket)
          }
        }
        socket.holder.welcome(socket)
      } catch { socket.holder.turnAway(socket, error) }
    }
  }

  func welcome(_ socket: Socket) {
    let namespace = socket.namespace
    if isOpen, let continuity = socket.continuity, readsOn(for: socket, continuity) { return }
    // The connection may have been closed meanwhile.
    guard isOpen, session.joined(namespace.name, socket) else { return socket.abandon() }
    settle()
    if let continuity = socket.continuity { return welcome(socket, continuity) }
    socket.connect()
    send(isLegacy ? .connectLegacy : .connect(sid: socket.id), namespace.name)
    namespace.connected(socket)
  }

  private func turnAway(_ socket: Socket, _ error: any Error) {
    let name = socket.namespace.name
    socket.abandon()
    if let error = error as? ConnectError { return refuse(name, error) }
    // What an error says of itself may be more than a client should know.
    socket.namespace.report(error)
    refuse(name, ConnectError("Connection refused"))
  }

  private func refuse(_ namespace: String, _ error: ConnectError) {
    session.refused(namespace)
    send(.connectError(message: error.message, data: error.data?.bytes), namespace)
  }
}
