package import BongsuReactor
internal import Logging
public import NIOCore
import Synchronization

// Connections that somebody else has accepted: another server on the same port, in this process or another, that keeps
// what is its own and hands over what is for this one (reference: `attach`, `bind`, `handleRequest`, `handleUpgrade`).
extension Server {
  /// Serves without a port of its own until ``close()``: only what it is given by ``adopt(_:received:)``. Throws when
  /// it cannot use the certificates (``CertificateError``) or the process is out of resources (``ServerError``).
  ///
  /// - Parameters:
  ///   - signals: as for ``start(host:port:closingOn:reloadingOn:)``.
  ///   - reloadSignals: as there.
  public func startWithoutPort(closingOn signals: [Int32] = [], reloadingOn reloadSignals: [Int32] = []) throws {
    let group = try makeLoops()
    openHubs(on: group)
    prepare(group, closingOn: signals, reloadingOn: reloadSignals)
    log.info("serving what others accept")
    group.start { [self] in over() }
  }

  /// Serves a connection that somebody else has accepted, as if it had come by a port of the server's own: with its
  /// pages, sessions and WebSockets, its certificates, and its limits. For any thread.
  ///
  /// ```swift
  /// if path.hasPrefix("/socket.io/") { try io.adopt(descriptor, received: bytesReadSoFar) } else { serveItMyself() }
  /// ```
  ///
  /// A connection is handed over for good: requests that follow on it are answered here as well. There is no limit to
  /// `received`, which is in the process already; what it says has the limits of everything that clients say.
  ///
  /// - Parameters:
  ///   - descriptor: a connected stream socket. It belongs to the server as soon as this is called: it does not block
  ///     from then on, nobody else may read it, write it or close it, and the server closes it if it refuses it. Who
  ///     must keep one gives the server a `dup` of it.
  ///   - received: what was read from it already, from the first byte of a request (of the TLS handshake, where the
  ///     server has certificates) on; empty if it was only looked at (`MSG_PEEK`).
  /// - Throws: ``ServerError/notServing`` before the server has started and when it is closing or closed, and
  ///   ``ServerError/unusableDescriptor(_:)``. A connection that is over a limit (``Limits/connections``,
  ///   ``Limits/connectionsPerAddress``) is closed without an error, like one that was accepted.
  public func adopt(_ descriptor: CInt, received: ByteBuffer = ByteBuffer()) throws(ServerError) {
    let socket: AcceptedSocket
    do throws(DescriptorError) { socket = try AcceptedSocket(descriptor) } catch {
      throw .unusableDescriptor(error.description)
    }
    guard isReady else { throw .notServing }
    let hubs = self.hubs
    let hub = hubs[adoptions.add(1, ordering: .relaxed).oldValue % hubs.count]
    hub.loop.submit { hub.value.adopt(socket, received: received) }
  }

  // MARK: For tests: no ports, and a clock of their own

  /// How many loops it wants.
  package var wantedLoops: Int { loopCount }

  /// Serves on these loops until ``close()``. Throws when it cannot use the certificates (``CertificateError``).
  package func start(on group: LoopGroup) throws {
    try certificates?.load()
    openHubs(on: group)
    prepare(group)
    group.start { [self] in over() }
  }

  /// Serves a connected stream socket as if it had been accepted on the loop. The descriptor, which is not to block,
  /// belongs to the server from now on.
  package func serve(descriptor: Int32, onLoop index: Int) {
    let hub = hubs[index]
    hub.loop.submit {
      if let connection = Connection.open(fd: descriptor, on: hub.loop) { hub.value.accept(connection) }
    }
  }
}

extension Hub {
  /// A connection that somebody else has accepted.
  fileprivate func adopt(_ socket: AcceptedSocket, received: ByteBuffer) {
    // The first bytes are the first step of a handshake: of those there are only so many a turn.
    if server.certificates != nil, received.readableBytes > 0, !loop.takesHandshakes, !isDraining {
      let me = HubReference(self)
      return loop.submitForLater { me.value.adopt(socket, received: received) }
    }
    guard !isDraining, let connection = socket.open(on: loop) else { return }
    accept(connection)
    connection.receive(first: received)
  }
}
