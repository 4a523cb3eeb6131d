internal import BongsuSession

extension CloseReason {
  /// For whoever reads a log.
  var explanation: String {
    switch self {
    case .clientNamespaceDisconnect: "the client left the namespace"
    case .serverNamespaceDisconnect: "the server took the client out of the namespace"
    case .serverShuttingDown: "the server is shutting down"
    case .pingTimeout: "the client did not answer a ping in time"
    case .transportClose: "the client closed its connection, or lost it"
    case .transportError: "the connection broke, or the client did not read what it was sent"
    case .forcedClose: "the client sent what it may not send, and its connection was closed"
    case .forcedServerClose: "the client sent what it may not send, and its session was ended"
    case .parseError: "the client sent what is not Engine.IO"
    }
  }
}
