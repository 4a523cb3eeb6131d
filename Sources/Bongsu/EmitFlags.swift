/// How an event is sent.
struct EmitFlags: Sendable {
  /// May be dropped for a client that cannot take it at once.
  var isVolatile = false
  /// Worth compressing, where compression was agreed on.
  var isCompressed = true
  /// To clients of this server only.
  var isLocal = false
  /// How long to wait for acknowledgements.
  var timeout: Duration?
}

/// Why an event cannot be sent.
public enum EventError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The name is the library's own.
  case reservedName(String)

  public var description: String {
    switch self {
    case .reservedName(let name): "\"\(name)\" is a reserved event name"
    }
  }
}
