internal import BongsuHTTP
internal import BongsuReactor
internal import NIOCore

extension Hub {
  /// Speaks TLS with a new connection before anything else.
  func secure(_ connection: Connection, with context: TLSContext) {
    connection.secure(with: context, within: configuration.limits.handshakeTime) { [unowned self] connection, outcome in
      switch outcome {
      case .established where isDraining: connection.finish()
      case .established: serve(connection)
      case .plainText: explain(connection)
      case .failed: break
      }
    }
  }

  /// Somebody who typed `http:` instead of `https:` should not have to guess.
  private func explain(_ connection: Connection) {
    connection.write {
      HTTPResponse.write(
        status: 400, headers: [("Content-Type", "text/plain; charset=utf-8")],
        body: ByteBuffer(string: "This port speaks HTTPS and WSS only."), keepAlive: false, into: &$0)
    }
    connection.finish()
  }
}
