public import BongsuMessagePack

/// A Socket.IO packet (Socket.IO 5, Packet types), however it is written: what a ``PacketParser`` reads and writes.
public struct ParserPacket: Sendable, Equatable {
  /// In the order of their numbers on the wire.
  public enum Kind: UInt8, Sendable, Codable {
    case connect, disconnect, event, ack, connectError
  }

  /// There are no binary kinds: bytes stand among the data.
  public var kind: Kind
  /// With its leading slash.
  public var namespace: String
  /// An array whose first element is the name for an event, an array for an acknowledgement, else a map or nothing.
  public var data: PacketValue?
  /// Of the acknowledgement that an event asks for, or that this is.
  public var id: UInt64?

  /// A packet of the main namespace, unless told otherwise.
  public init(_ kind: Kind, namespace: String = "/", data: PacketValue? = nil, id: UInt64? = nil) {
    self.kind = kind
    self.namespace = namespace
    self.data = data
    self.id = id
  }
}

/// What JSON can say, and bytes, dates and integers of 64 bits.
public typealias PacketValue = MessagePackValue
