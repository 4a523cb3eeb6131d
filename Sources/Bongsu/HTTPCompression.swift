internal import BongsuHTTP

/// How answers to polls are compressed, for clients that accept gzip or deflate.
public struct HTTPCompression: Sendable {
  /// Answers of fewer bytes go as they are.
  public var threshold: Int
  /// From 1, the fastest, to 9, the smallest.
  public var level: Int

  /// The reference's compression.
  public init(threshold: Int = 1024, level: Int = 6) {
    self.threshold = threshold
    self.level = min(max(level, 1), 9)
  }
}
