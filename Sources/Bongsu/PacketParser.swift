public import NIOCore

/// A packet format of your own: what `parser` is in JavaScript. Its methods are called on any loop's thread.
///
/// Packets it has read are checked like any other: reserved events, a missing name or a wrong shape end the connection.
public protocol PacketParser: Sendable {
  /// Makes the reader for one connection, which is used on one thread at a time.
  func makeDecoder() -> any PacketDecoder

  /// The messages that a packet is sent as, in their order. An error is reported to ``Configuration/onError``, and the
  /// packet is not sent.
  func encode(_ packet: ParserPacket) throws -> [PacketMessage]
}

/// Reads one connection's packets.
public protocol PacketDecoder {
  /// A message has come.
  /// - Returns: the packets that it completes; none while there is more to come.
  /// - Throws: when the client sent what is no packet. Its connection is closed.
  mutating func received(_ message: PacketMessage) throws -> [ParserPacket]
}

/// An Engine.IO message.
public enum PacketMessage: Sendable, Equatable {
  /// In UTF-8.
  case text(ByteBuffer)
  case binary(ByteBuffer)
}
