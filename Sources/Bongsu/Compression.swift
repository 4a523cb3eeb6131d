internal import BongsuWebSocket

/// How messages on WebSockets are compressed, for clients that offer it (permessage-deflate, RFC 7692). It trades the
/// server's time for bytes on the wire; a message of another client is inflated only as far as the limit on messages.
///
/// A broadcast is compressed once a loop and window size, not once a client.
public struct Compression: Hashable, Sendable {
  let settings: DeflateSettings?

  /// No compression: what clients offer is not even looked at. The reference's default.
  public static let off = Compression(settings: nil)

  /// All connections of a loop share one compressor and one inflater, some 300 KiB together, and no message refers to
  /// an earlier one. A connection takes no memory for it.
  ///
  /// - Parameters:
  ///   - threshold: messages of fewer bytes go uncompressed.
  ///   - level: from 1, the fastest, to 9, the smallest.
  public static func shared(threshold: Int = 1024, level: Int = 6) -> Compression {
    Compression(settings: DeflateSettings(threshold: threshold, level: level))
  }

  /// Every connection has a compressor and an inflater of its own from its first compressed message on, so that
  /// messages may refer to earlier ones: much smaller for short ones that resemble each other, unless broadcasts come
  /// in between, behind which a connection's messages begin anew. For the memory see ``bytesPerConnection``.
  ///
  /// - Parameters:
  ///   - threshold: messages of fewer bytes go uncompressed.
  ///   - level: from 1, the fastest, to 9, the smallest.
  ///   - windowBits: how far back the server's messages refer, as a power of two: 9…15.
  ///   - memoryLevel: memory for finding matches, 1…9.
  ///   - clientWindowBits: how far back clients' messages may refer: 9…15. A client that does not let itself be told
  ///     so is told to refer to nothing.
  public static func dedicated(
    threshold: Int = 1024, level: Int = 6, windowBits: Int = 12, memoryLevel: Int = 5, clientWindowBits: Int = 12
  ) -> Compression {
    var settings = DeflateSettings(
      threshold: threshold, level: level, memoryLevel: memoryLevel, serverWindowBits: windowBits,
      clientWindowBits: clientWindowBits)
    settings.keepsServerContext = true
    settings.keepsClientContext = true
    return Compression(settings: settings)
  }

  /// The most bytes that one connection's compressor and inflater take: 2^(windowBits + 2) + 2^(memoryLevel + 9) +
  /// 2^clientWindowBits and 16 KiB more. For ``dedicated(threshold:level:windowBits:memoryLevel:clientWindowBits:)``
  /// as it is without arguments that is 52 KiB, with windows of 15 bits and memory level 8 it is 304 KiB.
  public var bytesPerConnection: Int { settings?.bytesPerConnection ?? 0 }
}
