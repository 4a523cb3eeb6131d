import Foundation

/// What one run measured. What does not apply is left out.
struct Report: Encodable {
  /// "closed" or "open", see the help text; "closed" latencies are those of a server that is as busy as can be.
  var loop = "closed"
  /// Messages or connections, whatever the scenario counts.
  var count = 0
  var perSecond = 0.0
  /// The server's user and system time for each of them.
  var serverNanoseconds: Double?
  /// Of one core; the server's may be above 1 when it has several threads.
  var serverUtilisation: Double?
  /// The generator's own, of its one core: near 1 it is the bottleneck, and only CPU time per message means anything.
  var loadUtilisation = 0.0
  var latency: Latencies.Summary?
  /// Open loop: messages whose answer never came.
  var unanswered: Int?
  /// Clients that the server closed.
  var lost = 0
  var serverBytes: Int?
  var serverBytesBefore: Int?
  var serverBytesAfter: Int?
  var bytesPerConnection: Double?
  /// How a client that stopped reading ended.
  var stopped: String?

  func print() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
  }
}
