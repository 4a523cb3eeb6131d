internal import BongsuReactor

/// A limit that somebody has reached, by its name in ``Limits``: what logs and metrics tell.
enum LimitName: String, CaseIterable, Sendable {
  case connections, connectionsPerAddress
  case handshakeTime
  /// ``Limits/headerCount``, too.
  case headBytes
  case targetBytes, requestTime
  case messageBytes, fragments, attachments, attachmentTime, packetsPerPost
  case sessions, sessionsWithoutNamespace, connectTime, namespacesPerConnection
  case roomsPerSocket, roomNameBytes, pendingAcks
  case childNamespaces
  case queuedBytes
}

extension Hub {
  /// Notes that a client met a limit, and what became of it is somebody else's business.
  func reached(_ limit: LimitName, by connection: Connection? = nil) {
    counters.limitsReached[limit, default: 0] += 1
    server.log.limitReached(limit, peer: connection?.peer?.address)
  }

  /// As above, by a client that may or may not have a connection just now.
  func reached(_ limit: LimitName, by client: EngineClient) { reached(limit, by: client.transport?.connection) }
}
