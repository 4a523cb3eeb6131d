internal import BongsuHTTP
internal import NIOCore

/// How answers to polls are compressed, for clients that accept gzip or deflate.
public struct HTTPCompression: Sendable {
  /// Answers of fewer bytes go as they are.
  public var threshold: Int
  /// From 1, the fastest, to 9, the smallest, for answers of up to 16 KiB; larger ones are compressed the fastest way.
  public var level: Int
  /// Answers of more bytes go as they are: everybody else on the loop would have to wait meanwhile.
  public var largest: Int

  /// The reference's compression.
  public init(threshold: Int = 1024, level: Int = 6, largest: Int = 256 << 10) {
    self.threshold = threshold
    self.level = min(max(level, 1), 9)
    self.largest = largest
  }

  /// The body compressed; `nil` when it goes as it is.
  func encode(_ body: ByteBuffer, _ coding: ContentCoding) -> ByteBuffer? {
    guard body.readableBytes >= threshold, body.readableBytes <= largest else { return nil }
    return coding.encode(body, level: body.readableBytes <= 16 << 10 ? level : 1)
  }
}
