public import BongsuBytes
import CLoop
import NIOCore

/// One event loop: one thread, its connections, timers and inbox.
///
/// ``submit(_:)``, ``submitFirst(_:)``, ``observe(_:)``, ``stop()``, ``isCurrent`` and ``identity`` are for any thread,
/// everything else for the loop's own (or, before it starts, for whoever made it).
@safe
public final class Loop: @unchecked Sendable {
  /// Bytes read from a socket at a time, and so the largest piece a protocol is handed at once.
  static var receiveBytes: Int { 128 << 10 }

  /// Position in its group, from 0.
  public let index: Int
  let handle: OpaquePointer
  // Not checked for overlapping accesses, which every message would pay for: only the loop's thread comes here. Of what
  // is called in the middle of an access, a write into `output` only appends to one of its buffers.
  @safe @exclusivity(unchecked) var output = TurnOutput()
  /// What was read last, until something else is read.
  let received = ReceiveBuffer(capacity: Loop.receiveBytes)
  /// For bytes on their way into `output`.
  @safe @exclusivity(unchecked) var scratch = ByteBuffer()
  /// Whose bytes are being handed on just now; the connection holds itself meanwhile.
  @safe @exclusivity(unchecked) public internal(set) unowned(unsafe) var reading: Connection?
  @safe @exclusivity(unchecked) public internal(set) var counters = LoopCounters()
  /// Whether whoever speaks a protocol here says so of every message; for the log.
  @safe @exclusivity(unchecked) public var isTraced = false
  /// Told at the end of each turn, before output leaves. Held until the loop has ended.
  public var delegate: (any LoopDelegate)?
  /// Connections that live here now.
  public private(set) var connectionCount = 0

  let tls = TLSChannel()
  private let inbox = Inbox()
  /// What overtakes everything in `inbox`: the end.
  private let urgent = Inbox()
  private let wakeUps = WakeUps()
  // Each is a `TimerTarget`; saying so here would make every deadline larger by half.
  var wheel: TimerWheel<AnyObject>
  /// Time does not pass by itself: see `Loop+GivenTime`.
  let isTimeGiven: Bool
  var armedFor: Int64 = .max
  /// Something was scheduled, or has fired, since the timer was armed.
  var mustArm = false
  /// For the end of this turn, and what of it is run just now.
  private var deferred: [Job] = []
  private var jobs: [Job] = []
  /// Jobs from other threads that are still to be run, oldest first.
  private(set) var arrivals: CircularBuffer<Job> = []
  /// How many of them have been run, those that overtook the others included.
  private(set) var arrivalsRun = 0
  private let memoryReturn = MemoryReturn()
  private var onSignal: ((Int32) -> Void)?
  private var onExit: (@Sendable () -> Void)?
  /// To be set before the loop starts.
  @safe @exclusivity(unchecked) public var batching = Batching()
  /// While the loop runs, where it can be had.
  @safe @exclusivity(unchecked) var ring: Ring?
  /// Ciphertext for the ring, which lies in `tls`, and whose it is: an index of the output's speakers.
  @safe @exclusivity(unchecked) var sealed: [(speaker: Int, piece: Range<Int>)] = []
  @safe @exclusivity(unchecked) var answers = Answers()
  /// So many deliveries pile up before ``relieve()`` sends them.
  public var linksPerFlush = 1 << 18
  /// For one system call.
  let slices: UnsafeMutableBufferPointer<cloop_slice>

  /// Fails only when the process is out of descriptors or memory.
  /// - Parameter time: what time it is until ``moveTime(to:)`` says otherwise; `nil` for a loop that goes by the
  ///   system's clock.
  public init?(index: Int, givenTime time: MonotonicTime? = nil) {
    self.index = index
    isTimeGiven = time != nil
    unsafe slices = .allocate(capacity: Int(CLOOP_SLICES_MAX))
    unsafe slices.initialize(repeating: cloop_slice(bytes: UnsafeRawPointer(bitPattern: 1)!, count: 0))
    // The shim wants its owner at once, and self is not complete before it has its handle.
    let owner = LoopReference()
    guard let handle = unsafe cloop_open(Unmanaged.passUnretained(owner).toOpaque()) else { return nil }
    unsafe self.handle = handle
    if let time { unsafe cloop_set_now(handle, UInt64(truncatingIfNeeded: time.milliseconds)) }
    let now = MonotonicTime(milliseconds: Int64(truncatingIfNeeded: unsafe cloop_now(handle)))
    // A deadline of a given time comes to the millisecond.
    wheel = TimerWheel(now: now, slotBits: time == nil ? 3 : 0)
    reference = owner
    identity = LoopIdentity(owner)
    unsafe owner.loop = self
  }

  /// To be compared with the loop that a caller runs on.
  public let identity: LoopIdentity
  private let reference: LoopReference
  private var hasRun = false

  deinit {
    if !hasRun { unsafe cloop_free(handle) }
    unsafe slices.deallocate()
  }

  /// The time at the start of this turn.
  public var now: MonotonicTime { MonotonicTime(milliseconds: Int64(truncatingIfNeeded: unsafe cloop_now(handle))) }

  /// The processor time that the calling thread has used; on the loop's thread, the loop's.
  public static var threadTime: Duration { .nanoseconds(Int64(clamping: cloop_thread_time())) }
}

/// What the C side holds as a loop's owner.
final class LoopReference {
  // Set right after the loop's initialiser; the loop outlives its thread.
  unowned(unsafe) var loop: Loop!
}

/// Told when a loop's turn ends.
public protocol LoopDelegate: AnyObject {
  /// What this turn has brought so far has been handed on; called again when what was to be done at its end has brought
  /// more. What is sent now still leaves with this turn.
  func turnEnding(on loop: Loop)

  /// What other threads ask for, and what earlier turns have left, comes now; some of it is done whatever came before.
  func arrivalsBegin(on loop: Loop)

  /// Whether there is time in this turn for more of it.
  func mayGoOn(on loop: Loop) -> Bool

  /// A connection of this loop was closed (not moved).
  func connectionClosed(on loop: Loop)

  /// The loop was stopped: after what is sent now, its connections end. Nothing that is submitted runs any more.
  func loopEnding(on loop: Loop)
}

// MARK: - Work from elsewhere

extension Loop {
  /// Runs `call` on the loop's thread: at the end of this turn when called there, else as soon as the loop wakes.
  /// Calls from one thread keep their order. A loop that has ended, or ends before it comes to it, lets go of `call`
  /// without running it; a task that prefers the loop as its executor does not go on then.
  public func submit(_ call: @escaping @Sendable () -> Void) { submit(.call(call)) }

  /// As ``submit(_:)``, before everything that other threads have submitted.
  public func submitFirst(_ call: @escaping @Sendable () -> Void) { submit(.call(call), to: urgent) }

  func submit(_ job: Job) { submit(job, to: inbox) }

  private func submit(_ job: Job, to inbox: Inbox) {
    if isCurrent {
      deferred.append(job)
    } else if inbox.push(job) {
      // A loop that has ended does nothing more: whoever waits for the job learns so when it goes.
      if !wakeUps.perform({ unsafe cloop_wake(handle) }) { _ = inbox.drain() }
    }
  }

  private func run(_ job: Job) {
    switch job {
    case .call(let call): call()
    case .task(let task): unsafe task.runSynchronously(on: asUnownedTaskExecutor())
    }
  }

  /// Runs `call` with a later turn, after whatever the sockets bring until then.
  public func submitForLater(_ call: @escaping @Sendable () -> Void) {
    arrivals.append(.call(call))
    unsafe cloop_wake(handle)
  }

  private static var jobsPerTurn: Int { 256 }

  func woken() {
    // Answers wait for nothing but what the sockets bring.
    if answers.areWaiting { flush() }
    let urgentJobs = urgent.drain()
    for job in urgentJobs { run(job) }
    arrivals.append(contentsOf: inbox.drain())
    // What these jobs submit for later, and the rest, has to wait until what came from the sockets has had its turn.
    delegate?.arrivalsBegin(on: self)
    let most = min(arrivals.count, Self.jobsPerTurn)
    var count = 0
    while count < most, delegate?.mayGoOn(on: self) != false, let job = arrivals.popFirst() {
      run(job)
      count += 1
    }
    arrivalsRun &+= urgentJobs.count + count
    if !arrivals.isEmpty { unsafe cloop_wake(handle) }
  }

  func turnEnded() {
    if answers.areWaiting { flush() }
    answers.turnEnded()
    continueHandshakes()
    var rounds = 0
    var isDone = false
    while !isDone, rounds < Self.roundsPerTurn {
      delegate?.turnEnding(on: self)
      // What they leave to be done is for the delegate, in a further round.
      let hadJobs = runDeferred()
      flush()
      isDone = !hadJobs && deferred.isEmpty && output.isEmpty
      rounds += 1
    }
    // Jobs that submit jobs for ever do not keep the sockets waiting: the rest comes with the next turn.
    if !isDone { unsafe cloop_wake(handle) }
    armTimer()
  }

  private static var roundsPerTurn: Int { 256 }

  /// Runs what is to be done at the end of the turn; false when there was nothing.
  private func runDeferred() -> Bool {
    guard !deferred.isEmpty else { return false }
    swap(&deferred, &jobs)
    for job in jobs { run(job) }
    jobs.removeAll(keepingCapacity: jobs.count <= Self.jobsPerTurn)
    return true
  }

  /// Sends what has piled up if it is very much: a burst of messages to many would otherwise take memory for each
  /// delivery until the turn ends. Frames shared before are forgotten.
  public func relieve() {
    if output.links.count > linksPerFlush { flush() }
  }
}

// MARK: - Running

extension Loop {
  /// Starts the loop's thread, to be joined or detached. `exited` is called there as its last act.
  public func start(exited: @escaping @Sendable () -> Void) -> LoopThread {
    onExit = exited
    var thread: UInt = 0
    let error = unsafe cloop_thread_start(Unmanaged.passRetained(self).toOpaque(), &thread)
    precondition(error == 0, "the process may not start another thread")
    return LoopThread(id: thread)
  }

  /// Ends the loop; called from another thread, what it is doing then still comes to its end. From any thread.
  public func stop() {
    submitFirst { [self] in unsafe cloop_stop(handle) }
  }

  /// Runs the loop on the calling thread until ``stop()``. `exited` is called there as its last act.
  func run(exited: @escaping @Sendable () -> Void) {
    onExit = exited
    run()
  }

  func run() {
    hasRun = true
    openRing()
    unsafe cloop_run(handle)
    delegate?.loopEnding(on: self)
    flush()
    ring = nil
    wakeUps.end()
    _ = inbox.drain()
    _ = urgent.drain()
    unsafe cloop_free(handle)
    letGo()
    onExit.take()?()
  }

  /// A loop that has ended holds nothing that could hold it. What is let go may still call it, so each is let go only
  /// when it has been replaced.
  private func letGo() {
    let held = (deferred, arrivals, wheel, onSignal, delegate)
    var said = TurnOutput()
    swap(&said, &output)
    deferred = []
    arrivals = []
    wheel = TimerWheel(now: MonotonicTime(milliseconds: 0))
    onSignal = nil
    delegate = nil
    tls.handshakes = HandshakeQueue()
    withExtendedLifetime(held) {}
  }

  /// Calls `body` on this loop when the process gets one of the signals, of which there may be eight.
  public func watch(signals: Set<Int32>, _ body: @escaping (Int32) -> Void) {
    onSignal = body
    for signal in signals { unsafe cloop_watch_signal(handle, signal) }
  }

  func signalReceived(_ number: Int32) { onSignal?(number) }

  func connectionOpened() {
    connectionCount += 1
    memoryReturn.counted(connectionCount, on: self)
  }

  func connectionGone(moved: Bool) {
    connectionCount -= 1
    memoryReturn.counted(connectionCount, on: self)
    if !moved { delegate?.connectionClosed(on: self) }
  }
}
