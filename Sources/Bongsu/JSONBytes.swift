public import NIOCore

/// A JSON value as its text, for arguments that are passed on and never looked at.
public struct JSONBytes: Sendable, Equatable {
  /// One JSON value in UTF-8.
  public let bytes: ByteBuffer

  /// - Parameter bytes: one valid JSON value; it is sent as it is.
  public init(_ bytes: ByteBuffer) { self.bytes = bytes }
}

/// Only ``Socket`` and its kin encode and decode it; elsewhere it is an error.
extension JSONBytes: Codable {
  public init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "JSONBytes is an argument of its own, not part of one"))
  }

  public func encode(to encoder: any Encoder) throws {
    throw EncodingError.invalidValue(
      self,
      .init(codingPath: encoder.codingPath, debugDescription: "JSONBytes is an argument of its own, not part of one"))
  }
}
