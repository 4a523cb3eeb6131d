internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuWebSocket

/// A plain WebSocket endpoint: what its peers' messages do. The closures are shared by all peers and run on their
/// loops.
public final class WebSocketRoute: Sendable {
  /// A message as it is handed to handlers.
  public enum Kind: Sendable {
    case text, binary
  }

  /// A path, or a prefix when it ends with `/*`.
  let pattern: String
  /// Where peers join rooms.
  let namespace: Namespace
  let limits: WebSocketLimits
  let compression: Compression
  let slowReaders: SlowReaderPolicy
  /// Whether a message may go to many.
  let fansOut: Bool
  let opened: @Sendable (WebSocketPeer, Request) -> Void
  let received: @Sendable (WebSocketPeer, RawSpan, Kind) -> Void

  init(
    pattern: String, namespace: Namespace, limits: WebSocketLimits, compression: Compression,
    slowReaders: SlowReaderPolicy, fansOut: Bool,
    opened: @escaping @Sendable (WebSocketPeer, Request) -> Void,
    received: @escaping @Sendable (WebSocketPeer, RawSpan, Kind) -> Void
  ) {
    self.pattern = pattern
    self.namespace = namespace
    self.limits = limits
    self.compression = compression
    self.slowReaders = slowReaders
    self.fansOut = fansOut
    self.opened = opened
    self.received = received
  }

  func matches(_ path: String) -> Bool {
    pattern.hasSuffix("/*") ? path.hasPrefix(pattern.dropLast()) && path.count >= pattern.count : path == pattern
  }

  func upgrade(_ head: RequestHead, on connection: Connection, hub: Hub) {
    guard hub.allows(head) else {
      return WebSocketUpgrade.refuse(403, "This origin may not connect.", on: connection)
    }
    guard let accepted = WebSocketUpgrade.accept(head, on: connection, compression, hub: hub) else { return }
    let peer = WebSocketPeer(connection, accepted.deflate, route: self, hub: hub)
    namespace.memory.local(on: hub).add(peer)
    hub.notePeer(peer, came: true)
    opened(peer, Request(head: head, on: connection))
  }
}
