internal import NIOCore
internal import BongsuSocketIO
internal import FoundationEssentials

/// What a client passes on its way into a namespace.
enum NamespaceMiddleware: Sendable {
  case immediate(@Sendable (Socket) throws -> Void)
  case waiting(@Sendable (Socket) async throws -> Void)
}

/// Why a client may not join a namespace, in words for the client: thrown by a middleware, it is the packet
/// CONNECT_ERROR `{message, data}`.
public struct ConnectError: Error, Sendable {
  /// What the client's error says.
  public let message: String
  /// More about it, as JSON; the client's `error.data`.
  public let data: JSONBytes?

  /// Without data.
  public init(_ message: String) {
    self.message = message
    data = nil
  }

  /// With data. Throws what encoding it throws.
  public init(_ message: String, data: some Encodable) throws {
    self.message = message
    self.data = JSONBytes(ByteBuffer(bytes: try JSONEncoder().encode(data)))
  }
}
