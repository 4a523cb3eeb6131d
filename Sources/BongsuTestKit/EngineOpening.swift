import FoundationEssentials

/// What the server says of a new session of Engine.IO.
public struct EngineOpening: Sendable, Equatable, Decodable {
  /// The session's id; not that of a socket.
  public let sid: String
  /// What a client that polls may upgrade to.
  public let upgrades: [String]
  /// From a pong to the next ping, in milliseconds.
  public let pingInterval: Int
  /// How long a pong may take, in milliseconds.
  public let pingTimeout: Int
  /// Bytes of the largest message that the server takes.
  public let maxPayload: Int

  /// Reads the packet `0{…}`.
  init?(packet: String) {
    guard packet.hasPrefix("0") else { return nil }
    let opening = try? JSONDecoder().decode(Self.self, from: Data(packet.dropFirst().utf8))
    guard let opening else { return nil }
    self = opening
  }
}
