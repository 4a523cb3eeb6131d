public import BongsuSocketIO

/// What one client may make a Socket.IO decoder hold.
public struct SocketIOLimits: Sendable {
  /// Attachments of one packet; 10 unless told otherwise, the reference parser's default.
  public var attachments: Int {
    get { Int(attachmentLimit) }
    set { attachmentLimit = Int32(clamping: newValue) }
  }
  /// Namespaces that one connection has joined or is joining; 64 unless told otherwise.
  public var namespaces: Int {
    get { Int(namespaceLimit) }
    set { namespaceLimit = Int32(clamping: newValue) }
  }
  public var json = JSONLimits()

  // Half the width: every client's session keeps its limits.
  private var attachmentLimit: Int32 = 10
  private var namespaceLimit: Int32 = 64

  public init() {}
}
