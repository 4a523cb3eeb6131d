public import BongsuBytes
import Synchronization

/// The loops of a server.
public final class LoopGroup: Sendable {
  public let loops: [Loop]
  private let running = Atomic<Int>(0)

  /// Fails when the process is out of descriptors or memory. At most 63 loops, the width of a room's loop set.
  /// - Parameter time: see ``Loop/init(index:givenTime:)``.
  public init?(count: Int, givenTime time: MonotonicTime? = nil) {
    var loops: [Loop] = []
    for index in 0..<max(1, min(count, 63)) {
      guard let loop = Loop(index: index, givenTime: time) else { return nil }
      loops.append(loop)
    }
    self.loops = loops
  }

  /// Starts every loop's thread; `exited` is called once, after the last of them has ended.
  public func start(exited: @escaping @Sendable () -> Void) {
    running.store(loops.count, ordering: .relaxed)
    for loop in loops { loop.start { [self] in ended(exited) }.detach() }
  }

  /// As ``start(exited:)``, but the first loop runs on the calling thread. Returns after `exited` has been called.
  public func run(exited: @escaping @Sendable () -> Void) {
    running.store(loops.count, ordering: .relaxed)
    let threads = loops.dropFirst().map { loop in loop.start { [self] in ended(exited) } }
    loops[0].run { [self] in ended(exited) }
    for thread in threads { thread.join() }
  }

  private func ended(_ exited: () -> Void) {
    if running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { exited() }
  }

  /// Ends all loops. From any thread.
  public func stop() {
    for loop in loops { loop.stop() }
  }
}
