/// What one request head may cost. The limit of a body is given with each body, because routes differ.
public struct HTTPLimits: Sendable, Equatable {
  /// Bytes of a whole head, from the method to the empty line; more is answered 431.
  /// At most 65 535: offsets into a head are kept in 16 bits.
  public var headBytes: Int {
    didSet { headBytes = Self.inRange(headBytes) }
  }

  /// Field lines of a head; more is answered 431.
  public var headerCount: Int

  /// Bytes of the request target; more is answered 414.
  public var targetBytes: Int

  /// Limits in bytes and in lines; `headBytes` is brought into 0...65 535.
  public init(headBytes: Int = 16_384, headerCount: Int = 100, targetBytes: Int = 8_192) {
    self.headBytes = Self.inRange(headBytes)
    self.headerCount = headerCount
    self.targetBytes = targetBytes
  }

  private static func inRange(_ bytes: Int) -> Int {
    min(max(bytes, 0), Int(UInt16.max))
  }
}

extension HTTPLimits {
  /// Empty lines in front of a request that are tolerated (RFC 9112 §2.2).
  static let emptyLines = 4

  /// Bytes of a method; the longest that is registered has 17.
  static let methodBytes = 32

  /// Bytes of the extensions in one chunk's size line, which are skipped unread.
  static let chunkExtensionBytes = 256

  /// Bytes of all chunk extensions of one body, so that a small body cannot cost much traffic.
  static let bodyExtensionBytes = 16_384

  /// Bytes of all trailer fields of one body, which are checked and dropped.
  static let trailerBytes = 8_192
}
