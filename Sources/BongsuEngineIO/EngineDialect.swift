/// How a client and the server write packets: the protocol's version, and in version 3 whether the client takes binary
/// data (Engine.IO 3, `b64`).
public enum EngineDialect: Sendable, Equatable {
  case version4
  case version3
  /// Version 3 for a client that takes text alone.
  case version3Text

  /// Whether the client is the one that pings, messages have a type even when they are binary, and so on.
  public var isVersion3: Bool { self != .version4 }
}
