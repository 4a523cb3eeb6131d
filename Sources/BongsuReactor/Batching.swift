/// How a loop gives the kernel what it has for many connections at the end of a turn.
public struct Batching: Sendable {
  /// How many sends are one system call, by io_uring; 0 for a call each. Portions of 64 save less; more than 1 024
  /// at once save no more. A hundred bytes each.
  public var entries = 1_024
  /// For fewer connections in a turn the ring is not used.
  public var fewest = 8

  /// As said, or as wanted.
  public init(entries: Int = 1_024, fewest: Int = 8) {
    self.entries = entries
    self.fewest = fewest
  }

  /// A system call for each.
  public static let none = Batching(entries: 0)
}
