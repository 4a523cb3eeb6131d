internal import BongsuSocketIO

/// How a server and its clients write packets. Both sides must be set up with the same one.
public enum Parser: Sendable {
  /// Text with JSON, and bytes as messages of their own: what every client speaks unless told otherwise.
  case `default`
  /// One binary message of MessagePack each: `parser: require("socket.io-msgpack-parser")` in JavaScript,
  /// `serializer="msgpack"` in Python.
  case msgpack
  /// A format of your own.
  case custom(any PacketParser)

  /// How arguments wait inside the server for their way out.
  var notation: Notation {
    switch self {
    case .default: .json
    case .msgpack, .custom: .messagePack
    }
  }
}
