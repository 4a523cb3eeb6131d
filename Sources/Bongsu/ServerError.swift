/// Why a server cannot start, or not take a connection over.
public enum ServerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The process has no more file descriptors or memory.
  case outOfResources
  /// The server has not started, or is closing.
  case notServing
  /// A descriptor is no connected stream socket, with the system's reason.
  case unusableDescriptor(String)

  public var description: String {
    switch self {
    case .outOfResources: "the process is out of file descriptors or memory"
    case .notServing: "the server has not started, or is closing"
    case .unusableDescriptor(let reason): reason
    }
  }
}
