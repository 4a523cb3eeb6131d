import BongsuReactor

/// The clients' side of a server's connections: one loop, on which all clients of a test live.
final class TestNetwork: @unchecked Sendable {
  let loop: Loop
  /// What clients have done and heard so far. On the loop.
  private(set) var actions = 0

  init() throws(TestKitError) {
    guard let loop = Loop(index: 0) else { throw .outOfResources }
    self.loop = loop
    loop.start(exited: {}).detach()
  }

  /// Runs `body` on the loop. From any thread.
  func run(_ body: @escaping @Sendable () -> Void) { loop.submit(body) }

  /// A client does something, or something has reached it. On the loop.
  func acted() { actions &+= 1 }

  /// Ends everything.
  func stop() { loop.stop() }
}
