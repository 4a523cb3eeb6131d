/// Whether a packet's text stands alone or as an Engine.IO message.
public enum PacketFraming: Sendable {
  case bare
  /// With the digit of an Engine.IO message, `4`, in front.
  case engineMessage
}
