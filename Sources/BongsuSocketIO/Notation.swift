/// How values are written inside packets.
public enum Notation: Sendable {
  /// JSON, with attachments for bytes: the default parser's.
  case json
  /// MessagePack: socket.io-msgpack-parser's.
  case messagePack
}
