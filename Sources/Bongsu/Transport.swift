/// What a client's bytes come by.
public enum Transport: String, Sendable, Hashable {
  case polling
  case webSocket = "websocket"
}
