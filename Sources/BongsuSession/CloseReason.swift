/// Why a session ended, in the words of the reference server.
public enum CloseReason: String, Sendable, Equatable, CaseIterable {
  case clientNamespaceDisconnect = "client namespace disconnect"
  case serverNamespaceDisconnect = "server namespace disconnect"
  case serverShuttingDown = "server shutting down"
  case pingTimeout = "ping timeout"
  case transportClose = "transport close"
  case transportError = "transport error"
  case forcedClose = "forced close"
  case forcedServerClose = "forced server close"
  case parseError = "parse error"
}
