/// A metric that a ``Server`` keeps; names and units follow Prometheus.
///
/// All of them are published to ``Configuration/metrics``, once a second. What stands in a label is one of a few words
/// that are the server's own: never a name, a path or an id that came from a client.
public struct MetricDescription: Sendable {
  /// How the values are to be read.
  public enum Kind: String, Sendable {
    /// Only grows: of interest is how fast.
    case counter
    /// Goes up and down.
    case gauge
  }

  /// What it is called everywhere.
  public let name: String
  /// How its values are to be read.
  public let kind: Kind
  /// The name of its one label, if it has one.
  public let label: String?
  /// One sentence about it.
  public let help: String

  /// All there are.
  public static let all: [MetricDescription] = MetricTable.loops.map(\.description) + MetricTable.all.map(\.description)
}
