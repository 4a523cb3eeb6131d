internal import BongsuBytes
internal import BongsuReactor
internal import BongsuRooms
internal import NIOCore
import NIOConcurrencyHelpers

/// A namespace's connection state recovery: its log, the sessions of clients that have gone, and what is on its way to
/// each loop. From any thread.
///
/// **Why nothing is lost or comes twice.** A client says by the last offset it was given what it has, so every client
/// must be sent the log's events in the log's order. Therefore an event gets its position, the loops that have members
/// of its target are looked up, and it is put into these loops' queues, all under one lock; and a loop delivers its own
/// publications from its queue as well (``Feed``). A client that comes back joins its rooms first, without hearing
/// anything, and reads the log's end under the same lock at a moment when its loop's queue is empty: what is in the log
/// then is not on its way to this loop any more, and whoever appends to it later finds the client in its rooms. Most of
/// the log it has read before, a little with each turn of its loop, for that can be very much; what was for the client
/// is looked for without the lock, in packets that do not change.
final class Recovery: Sendable {
  /// What a loop has to do, in the order of the namespace.
  enum Item: Sendable {
    case packet(KeptPacket, Target, isFromElsewhere: Bool)
    /// What must not be overtaken by packets, nor overtake them.
    case call(@Sendable (LocalNamespace) -> Void)
  }

  private struct State {
    var log: PacketLog
    var saved: SavedSessions
    /// Clients that are connected, by their private ids.
    var live: [String: Socket] = [:]
    var queues: [[Item]]
    /// The latest time that a loop has told.
    var now = MonotonicTime(milliseconds: 0)
    /// A loop looks after what expires.
    var isTended = false

    mutating func advance(to time: MonotonicTime) { now = max(now, time) }

    /// True when something is kept and no loop looks after it: the caller's has to.
    mutating func mustBeTended() -> Bool {
      guard !isTended, log.expiry < .never || saved.expiry < .never else { return false }
      isTended = true
      return true
    }
  }

  let options: ConnectionStateRecovery
  /// The ids of the sessions that are kept, and of those that are coming back.
  let reserved = ReservedIDs()
  /// Bytes of packets that one client can be sent at once.
  private let replayBytes: Int
  private let state: NIOLockedValueBox<State>

  init?(_ configuration: Configuration, loops: Int) {
    guard let options = configuration.connectionStateRecovery else { return nil }
    self.options = options
    replayBytes = configuration.limits.queuedBytes
    let time = options.maxDisconnectionDuration
    // What was lost on its way was sent before anybody could notice that the client had gone.
    let unnoticed = configuration.engine.pingInterval + configuration.engine.pingTimeout
    let log = PacketLog(
      key: (.random(in: 0 ... .max), .random(in: 0 ... .max)), time: time + unnoticed, bytes: options.packetBytes,
      count: options.packetCount)
    let saved = SavedSessions(time: time, bytes: options.sessionBytes, count: options.sessionCount)
    state = NIOLockedValueBox(State(log: log, saved: saved, queues: Array(repeating: [], count: loops)))
  }

  // MARK: Publishing

  /// Appends a packet and puts it into the queues of loops.
  /// - Parameters:
  ///   - loops: called under the lock: who has members of the target.
  ///   - here: the loop that publishes, if it is one.
  /// - Returns: the loops that have to be woken, and the packet.
  func append(
    _ message: Message, to target: Target, here: Int?, now: MonotonicTime?, loops: () -> LoopSet
  ) -> (packet: KeptPacket, loops: LoopSet, woken: LoopSet) {
    state.withLockedValue { state in
      if let now { state.advance(to: now) }
      let packet = state.log.append(message, to: target, now: now.map { _ in state.now })
      let found = loops()
      var woken = LoopSet.none
      for loop in found where loop < state.queues.count {
        if state.queues[loop].isEmpty { woken.insert(loop) }
        state.queues[loop].append(.packet(packet, target, isFromElsewhere: loop != here))
      }
      return (packet, found, woken)
    }
  }

  /// Puts something else into a loop's queue; true when the loop has to be woken.
  func enqueue(_ call: @escaping @Sendable (LocalNamespace) -> Void, on loop: Int) -> Bool {
    state.withLockedValue { state in
      state.queues[loop].append(.call(call))
      return state.queues[loop].count == 1
    }
  }

  /// What a loop's queue holds; it is empty then.
  func take(_ loop: Int, now: MonotonicTime) -> Taken {
    state.withLockedValue { state in
      state.advance(to: now)
      state.log.trim(now: state.now)
      let items = state.queues[loop]
      state.queues[loop] = []
      let mustTend = state.mustBeTended()
      return Taken(items: items, last: state.log.last, first: state.log.first, mustTend: mustTend)
    }
  }

  struct Taken {
    let items: [Item]
    /// The log's newest and oldest positions.
    let last: UInt64
    let first: UInt64
    /// Whether the loop has to call ``tend(now:)`` from now on.
    let mustTend: Bool
  }

  // MARK: Sessions

  /// A client is connected.
  func connected(_ socket: Socket, as pid: String) { state.withLockedValue { $0.live[pid] = socket } }

  /// A client has gone for good.
  func forget(_ socket: Socket, _ pid: String) {
    state.withLockedValue { if $0.live[pid] === socket { $0.live[pid] = nil } }
  }

  /// A client has gone and may come back.
  /// - Parameter now: nil when the caller runs on no loop.
  func save(_ session: SavedSession, now: MonotonicTime?) {
    var session = session
    session.reservation = session.reservation ?? Identifier(session.sid).map(reserved.reserve)
    state.withLockedValue { [session] state in
      if let now { state.advance(to: now) }
      state.live[session.pid] = nil
      state.saved.save(session, now: state.now)
    }
  }

  enum Claim {
    /// It is not kept any longer.
    case session(SavedSession)
    /// The client is back before anybody has noticed that it was gone.
    case isConnected(Socket)
    case unknown
  }

  // MARK: Coming back

  /// A client is back: what it has missed is next, see ``Replay``.
  /// - Parameter offset: as the client gave it.
  func claim(_ pid: String, offset: String?, now: MonotonicTime?) -> Claim {
    state.withLockedValue { state in
      if let now { state.advance(to: now) }
      state.log.trim(now: state.now)
      if let socket = state.live[pid] { return .isConnected(socket) }
      guard var session = state.saved.take(pid, now: state.now), var history = session.history else { return .unknown }
      // Who was sent nothing with an offset has one of another log, or what it takes for one.
      if let offset, history.wasSentSomething {
        guard let position = state.log.position(of: offset) else { return .unknown }
        history.knows(position)
      }
      guard history.replayStart(first: state.log.first) != nil else { return .unknown }
      session.history = history
      return .session(session)
    }
  }

  /// Reads on, so much at a time that nobody waits long for it.
  func readOn(_ replay: inout Replay) -> Replay.Progress {
    let (position, history) = (replay.position, replay.history)
    let reading = state.withLockedValue { state in
      (position ?? history.replayStart(first: state.log.first)).flatMap { Replay.Reading(state.log, after: $0) }
    }
    return add(reading, to: &replay)
  }

  /// Reads the rest for a client that is in its rooms on a loop: it goes on while there is more than a little, or
  /// something in the loop's queue.
  func readToEnd(_ replay: inout Replay, on loop: Int) -> Replay.Progress {
    guard let position = replay.position else { return .isLost }
    let (isQuiet, reading) = state.withLockedValue { state -> (Bool, Replay.Reading?) in
      guard state.queues[loop].isEmpty else { return (false, nil) }
      return (true, Replay.Reading(state.log, after: position))
    }
    return isQuiet ? add(reading, to: &replay) : .goesOn
  }

  /// Looks for what was for the client, without the lock: that takes longer than reading.
  private func add(_ reading: Replay.Reading?, to replay: inout Replay) -> Replay.Progress {
    guard let reading else { return .isLost }
    replay.add(reading)
    if replay.byteCount > replayBytes { return .isLost }
    return reading.isLast ? .isComplete : .goesOn
  }

  // MARK: Time

  /// Whether the caller's loop has to call ``tend(now:)`` from now on.
  func mustBeTended() -> Bool { state.withLockedValue { $0.mustBeTended() } }

  /// Drops what is too old; returns when to do so again, or nil when nothing is kept.
  func tend(now: MonotonicTime) -> MonotonicTime? {
    state.withLockedValue { state in
      state.advance(to: now)
      state.log.trim(now: state.now)
      state.saved.expire(now: state.now)
      let next = min(state.log.expiry, state.saved.expiry)
      state.isTended = next < .never
      return state.isTended ? max(next, now + .seconds(1)) : nil
    }
  }

  /// What is kept costs, for tests.
  var kept: (packetBytes: Int, sessionBytes: Int) {
    state.withLockedValue { ($0.log.byteCount, $0.saved.byteCount) }
  }
}
