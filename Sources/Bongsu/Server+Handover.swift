package import BongsuReactor

// A server that listens nowhere and is handed its connections, on loops that somebody else has made: how tests run one
// without ports, by a clock of their own.
extension Server {
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
