internal import BongsuEngineIO
internal import BongsuSession

/// What has happened to a loop's clients since the server began. Plain numbers, which wrap around: only the loop's
/// thread comes here.
struct HubCounters {
  /// Why a connection was closed as soon as it was accepted.
  enum Refusal: String, CaseIterable {
    case limit, address, descriptors
  }

  var connectionsRefused: [Refusal: Int] = [:]
  var limitsReached: [LimitName: Int] = [:]

  // Engine.IO

  var sessionsOpened: [Transport: Int] = [:]
  var sessionsClosed: [CloseReason: Int] = [:]
  /// Those that are open and have a WebSocket.
  var webSocketSessions = 0
  var upgrades = 0
  var requestsRefused: [EngineErrorCode: Int] = [:]
  var polledMessagesReceived = 0
  var polledMessagesSent = 0

  // Socket.IO

  var socketsConnected = 0
  var socketsDisconnected: [CloseReason: Int] = [:]
  var eventsReceived = 0
  /// Acknowledgements that are waited for.
  var pendingAcks = 0

  // Everybody

  /// Plain WebSockets that are open.
  var peers = 0
  var deliveries = 0
  /// Clients that were disconnected because they did not read.
  var slowReadersDisconnected = 0
}
