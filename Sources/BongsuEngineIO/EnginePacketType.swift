/// The type of an Engine.IO packet: the ASCII digit that every packet but a binary message starts with
/// (Engine.IO 4, Packet types).
public enum EnginePacketType: UInt8, Sendable, CaseIterable {
  /// The handshake, server to client.
  case open = 0x30
  /// The session is to end.
  case close = 0x31
  /// The server's half of the heartbeat; with data `probe`, the client's question on a new transport.
  case ping = 0x32
  /// The client's half of the heartbeat; with data `probe`, the server's answer on a new transport.
  case pong = 0x33
  /// A message for the layer above.
  case message = 0x34
  /// The client has moved to the new transport.
  case upgrade = 0x35
  /// Nothing; frees a pending poll.
  case noop = 0x36
}
