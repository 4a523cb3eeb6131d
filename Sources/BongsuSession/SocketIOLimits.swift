public import BongsuSocketIO

/// What one client may make a Socket.IO decoder hold.
public struct SocketIOLimits: Sendable {
  /// Attachments of one packet; the reference parser's default.
  public var attachments = 10
  /// Namespaces that one connection has joined or is joining.
  public var namespaces = 64
  public var json = JSONLimits()

  public init() {}
}
