internal import BongsuReactor

/// A server's hubs, one for each loop; none before it starts. From any thread.
final class Hubs: @unchecked Sendable {
  /// Written once, before the loops' threads start.
  var list: [HubReference] = []

  /// The hub of the loop that the caller runs on.
  var current: Hub? {
    guard let loop = Loop.current, loop.index < list.count, list[loop.index].loop === loop else { return nil }
    return list[loop.index].value
  }
}
