/// How a server wants to use permessage-deflate (RFC 7692).
public struct DeflateSettings: Hashable, Sendable {
  /// Whether what the server sends may refer to earlier messages, which takes a compressor a connection. Otherwise all
  /// connections of a loop share one.
  public var keepsServerContext = false
  /// Whether what clients send may refer to earlier messages, which takes an inflater a connection.
  public var keepsClientContext = false
  /// How far back the server's messages refer, as a power of two: 9…15, or less far if the client asks for that.
  public let serverWindowBits: Int
  /// How far back a client's messages may refer if ``keepsClientContext`` is set, as a power of two: 9…15.
  public let clientWindowBits: Int
  /// From 1, the fastest, to 9, the smallest.
  public let level: Int
  /// How much memory finding matches may take: 1…9.
  public let memoryLevel: Int
  /// Messages of fewer bytes go uncompressed; empty ones always do.
  public let threshold: Int

  /// Values out of range are brought to the nearest possible one.
  public init(
    threshold: Int = 1024, level: Int = 6, memoryLevel: Int = 8, serverWindowBits: Int = 15, clientWindowBits: Int = 15
  ) {
    self.threshold = max(threshold, 1)
    self.level = min(max(level, 1), 9)
    self.memoryLevel = min(max(memoryLevel, 1), 9)
    self.serverWindowBits = min(max(serverWindowBits, 9), 15)
    self.clientWindowBits = min(max(clientWindowBits, 9), 15)
  }

  /// The most bytes that one connection's own compressor and inflater take (zconf.h, with some room for what is fixed).
  public var bytesPerConnection: Int {
    let fixed = 8 << 10
    let deflater = keepsServerContext ? (1 << (serverWindowBits + 2)) + (1 << (memoryLevel + 9)) + fixed : 0
    let inflater = keepsClientContext ? (1 << clientWindowBits) + fixed : 0
    return deflater + inflater
  }
}
