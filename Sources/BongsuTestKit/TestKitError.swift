/// Why a test client did not get what it waited for.
public enum TestKitError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It did not come in time. What came instead stands beside it.
  case timedOut(String, instead: [String])
  /// Something else came.
  case unexpected(String)
  /// The connection is over, or could not be made.
  case disconnected(String)
  /// The server refused with an HTTP status.
  case refused(status: Int, body: String)
  /// The namespace refused the client; what it was told, as JSON.
  case connectError(String)
  /// The process is out of descriptors or memory.
  case outOfResources

  /// For whoever reads the failure of a test.
  public var description: String {
    switch self {
    case .timedOut(let what, let instead):
      instead.isEmpty ? what : "\(what). What came instead: \(instead.joined(separator: ", "))"
    case .unexpected(let what), .disconnected(let what): what
    case .refused(let status, let body): "refused with HTTP status \(status): \(body)"
    case .connectError(let json): "the namespace refused the client: \(json)"
    case .outOfResources: "the process is out of descriptors or memory"
    }
  }
}
