internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuWebSocket

/// A plain WebSocket endpoint: what its peers' messages do. The closures are shared by all peers and run on their
/// loops.
public struct WebSocketRoute: Sendable {
  /// A message as it is handed to handlers.
  public enum Kind: Sendable {
    case text, binary
  }

  /// A path, or a prefix when it ends with `/*`.
  let pattern: String
  /// Where peers join rooms.
  let namespace: Namespace
  let limits: WebSocketLimits
  /// Whether a message may go to many.
  let fansOut: Bool
  let opened: @Sendable (WebSocketPeer, Request) -> Void
  let received: @Sendable (WebSocketPeer, RawSpan, Kind) -> Void

  func matches(_ path: String) -> Bool {
    pattern.hasSuffix("/*") ? path.hasPrefix(pattern.dropLast()) && path.count >= pattern.count : path == pattern
  }

  func upgrade(_ head: RequestHead, on connection: Connection, hub: Hub) {
    guard hub.allows(head) else {
      return WebSocketUpgrade.refuse(403, "This origin may not connect.", on: connection)
    }
    guard WebSocketUpgrade.accept(head, on: connection) else { return }
    let peer = WebSocketPeer(connection, route: self, hub: hub)
    hub.local(namespace).add(peer)
    opened(peer, Request(head: head))
  }
}
