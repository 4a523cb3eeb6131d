public import BongsuSocketIO
public import NIOCore

/// What a Socket.IO message of the client comes to. Ranges are into the text that was given; a packet with attachments
/// brings its own text.
public enum IncomingPacket<Socket> {
  /// A request to join a namespace. Answer with ``SocketIOSession/joined(_:_:)`` or ``SocketIOSession/refused(_:)``.
  case connect(namespace: String, auth: Range<Int>?)
  /// The same of a client of Socket.IO 2, which has its query for what others send as `auth`.
  case connectByQuery(namespace: String, query: Range<Int>?)
  case event(Socket, EventPayload, AckID?)
  case ack(Socket, ArgumentList, AckID)
  case binaryEvent(Socket, EventPayload, AckID?, BinaryPacket)
  case binaryAck(Socket, ArgumentList, AckID, BinaryPacket)
  /// The client left a namespace.
  case disconnect(Socket)
  /// Nothing to do (yet).
  case nothing
  /// Something that no client may say in this state: the connection is to be closed.
  case violation
}

/// A packet whose attachments have all come.
public struct BinaryPacket: Sendable {
  /// The packet's text, which the ranges of its payload refer to.
  public let text: ByteBuffer
  public let attachments: [ByteBuffer]
}
