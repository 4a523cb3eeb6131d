/// What one client may make a decoder hold.
public struct WebSocketLimits: Sendable {
  /// Bytes in a message, all of its fragments together. At least 0, at most 2 GiB − 1, which a ByteBuffer can hold.
  public var messageBytes: Int { Int(messageByteLimit) }
  /// Frames in a message; those without payload count too. At least 1.
  public var fragments: Int { Int(fragmentLimit) }

  // Half the width: handed over with every read, in one register.
  private let messageByteLimit: Int32
  private let fragmentLimit: Int32

  /// Values out of range are brought to the nearest possible one.
  public init(messageBytes: Int, fragments: Int) {
    messageByteLimit = Int32(clamping: max(messageBytes, 0))
    fragmentLimit = Int32(clamping: max(fragments, 1))
  }
}
