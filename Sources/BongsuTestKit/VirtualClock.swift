import BongsuBytes
import BongsuReactor
import NIOConcurrencyHelpers

/// The time of a ``TestServer``. It stands still unless a test moves it on.
///
/// ```swift
/// client.answersPings = false
/// await server.clock.advance(by: .seconds(45))
/// ```
///
/// Everything that waits in the library goes by it: heartbeats, timeouts of acknowledgements, requests and handshakes.
/// What the test's own handlers wait for with `Task.sleep` does not.
public final class VirtualClock: Sendable {
  private struct State {
    var now: MonotonicTime
    /// Somebody moves it just now; others wait.
    var isBusy = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private static var beginning: MonotonicTime { MonotonicTime(milliseconds: 0) }

  /// Where it is decided what happens next. The threads that other tasks run on may all be taken, by tests that block
  /// them, and each step would wait for one.
  private static let conductor: Loop? = {
    let loop = Loop(index: 0)
    loop?.start(exited: {}).detach()
    return loop
  }()

  private let loops: [Loop]
  private let network: TestNetwork
  private let passesByItself: Bool
  private let state = NIOLockedValueBox(State(now: beginning))

  /// - Parameter passesByItself: whether it is the system's time, in which ``advance(by:)`` only waits.
  init(_ loops: [Loop], _ network: TestNetwork, passesByItself: Bool) {
    self.loops = loops
    self.network = network
    self.passesByItself = passesByItself
  }

  /// What the loops of a server have to be told at first.
  static func beginning(passesByItself: Bool) -> MonotonicTime? { passesByItself ? nil : beginning }

  /// How long it has been advanced in all.
  public var elapsed: Duration { state.withLockedValue { $0.now - Self.beginning } }

  /// Moves the time on and returns when all that fell due until then has happened: deadlines in their order, each with
  /// its consequences before the next, such as the clients' answers and what the server makes of them.
  ///
  /// Time comes in whole milliseconds; a part of one counts as one.
  public func advance(by duration: Duration) async {
    await enter()
    defer { leave() }
    await withTaskExecutorPreference(Self.conductor) { await pass(duration) }
  }

  private func pass(_ duration: Duration) async {
    await rest()
    let end = state.withLockedValue { $0.now + max(duration, .zero) }
    if passesByItself {
      try? await Task.sleep(for: duration)
      await rest()
    } else {
      while let next = await nextDeadline(), next <= end {
        if await move(to: next) { await rest() }
      }
      await move(to: end)
    }
    state.withLockedValue { $0.now = end }
  }

  /// Returns when all that is under way has happened, without any time passing: what clients have sent has been
  /// handled, and what they were sent in return has reached them.
  ///
  /// It does not know of work that handlers do elsewhere, on other actors or in tasks of their own.
  public func settle() async {
    await enter()
    defer { leave() }
    await withTaskExecutorPreference(Self.conductor) { await rest() }
  }

  // MARK: One at a time

  private func enter() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLockedValue { state in
        if state.isBusy { state.waiting.append(continuation) }
        defer { state.isBusy = true }
        return !state.isBusy
      }
      if isFree { continuation.resume() }
    }
  }

  private func leave() {
    let next = state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.isBusy = false
      return nil
    }
    next?.resume()
  }

  // MARK: Moving

  private func nextDeadline() async -> MonotonicTime? {
    await all { loop, answer in answer(loop.nextDeadline) }.compactMap { $0 ?? nil }.min()
  }

  /// All loops have the new time before anything happens in it. Returns whether anything does.
  @discardableResult
  private func move(to time: MonotonicTime) async -> Bool {
    if loops.count > 1 { _ = await all { loop, answer in answer(loop.moveTime(to: time)) } }
    let fired = await all { loop, answer in
      loop.moveTime(to: time)
      answer(loop.fireDeadlines())
    }
    return fired.contains(true)
  }

  /// Asks every loop of the server on its own thread. A loop that has ended answers `nil`.
  private func all<Answer: Sendable>(
    _ question: @escaping @Sendable (Loop, _ answer: (Answer) -> Void) -> Void
  ) async -> [Answer?] {
    await ask { loop, reply in loop.submit { question(loop) { reply.give($0) } } }
  }

  /// All of them at a time.
  private func ask<Answer: Sendable>(
    _ question: @escaping @Sendable (Loop, Reply<Answer>) -> Void
  ) async -> [Answer?] {
    guard loops.count > 1 else { return [await Reply.of { question(loops[0], $0) }] }
    return await withTaskGroup { group in
      for (index, loop) in loops.enumerated() {
        group.addTask { (index, await Reply.of { question(loop, $0) }) }
      }
      var answers: [Answer?] = Array(repeating: nil, count: loops.count)
      for await (index, answer) in group { answers[index] = answer }
      return answers
    }
  }

  // MARK: Resting

  /// What had been done at one look.
  private struct Look: Equatable {
    var jobs: [Int: Int] = [:]
    var isWaiting = false
    var actions = 0

    /// When nothing happens but the next look itself.
    var undisturbed: Look {
      Look(jobs: jobs.mapValues { $0 + LoopActivity.jobsPerObservation }, isWaiting: false, actions: actions)
    }
  }

  /// Enough for whatever comes to an end.
  private static var mostLooks: Int { 100_000 }

  /// Nothing is under way when a look finds nothing done since the one before. The clients are looked at last: what a
  /// server's loop does in between is always because of a job, which counts, or because of what a client has done.
  private func rest() async {
    var last = await look()
    for _ in 0..<Self.mostLooks {
      let next = await look()
      if next == last.undisturbed { return }
      last = next
    }
  }

  private func look() async -> Look {
    var look = Look()
    let servers = await ask { loop, reply in loop.observe { reply.give($0) } }
    for (index, activity) in servers.enumerated() {
      look.jobs[index] = activity?.arrivalsRun
      look.isWaiting = look.isWaiting || (activity?.arrivalsWaiting ?? 0) > 0
    }
    let network = self.network
    let clients = await Reply<(LoopActivity, Int)>.of { reply in
      network.loop.observe { reply.give(($0, network.actions)) }
    }
    look.jobs[-1] = clients?.0.arrivalsRun
    look.isWaiting = look.isWaiting || (clients?.0.arrivalsWaiting ?? 0) > 0
    look.actions = clients?.1 ?? 0
    return look
  }
}
