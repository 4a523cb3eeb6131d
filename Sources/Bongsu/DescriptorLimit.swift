internal import BongsuReactor

/// The process's limit of open files, and so of connections.
public enum DescriptorLimit {
  /// Raises it as far as the system lets this process; returns the limit that holds now.
  @discardableResult
  public static func raise() -> Int { raiseDescriptorLimit() }
}
