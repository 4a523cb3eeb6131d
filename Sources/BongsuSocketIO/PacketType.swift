/// The type of a Socket.IO packet: the ASCII digit it starts with (Socket.IO 5, Packet types).
public enum PacketType: UInt8, Sendable, CaseIterable {
  case connect = 0x30
  case disconnect = 0x31
  case event = 0x32
  case ack = 0x33
  case connectError = 0x34
  case binaryEvent = 0x35
  case binaryAck = 0x36

  /// Whether a number of attachments stands behind the digit, and as many binary messages follow the packet.
  public var isBinary: Bool {
    self == .binaryEvent || self == .binaryAck
  }
}
