public import BongsuBytes
import CLoop
import NIOCore

/// One TCP connection on one loop. Everything here is for the loop's own thread.
///
/// It moves bytes and knows no protocol. What is sent is queued and leaves at the end of the loop's turn, in one
/// system call where possible; what the kernel does not take stays queued. A connection with nothing in flight owns
/// no buffer.
@safe
public final class Connection {
  enum State {
    case open
    /// No more output is taken; what is queued goes out, then FIN.
    case finishing
    /// FIN is sent; input is read and thrown away so that the peer gets our last bytes instead of a reset.
    case lingering
    case closed
  }

  private enum Watch {
    case nothing, input, output, both
  }

  /// How long a finished connection may take to send what is queued, and then waits for the peer's FIN.
  static var finishTime: Duration { .seconds(30) }
  static var lingerTime: Duration { .seconds(2) }

  private static var highWater: Int { 1 << 20 }

  // Ordered so that nothing lies between them: with 88 bytes in all an instance takes 96 of malloc's.
  //
  // Those that every message touches are not checked for overlapping accesses, which would cost more than the access
  // itself: only the loop's thread comes here, and each access is one load or store during which nobody else is called.

  public let loop: Loop
  /// Valid until `state` is `closed`.
  var socket: OpaquePointer
  /// Who is told what happens. Held until the connection is closed.
  @safe @exclusivity(unchecked) public var delegate: (any ConnectionDelegate)?
  /// Nil as long as there would be nothing in it.
  @safe @exclusivity(unchecked) var extras: ConnectionExtras?
  @safe @exclusivity(unchecked) var queued = 0
  let fd: Int32
  /// The last of this turn's runs in the loop's `TurnOutput`; 0 when there are none.
  @safe @exclusivity(unchecked) var runs: UInt32 = 0
  var timer = TimerID.none
  @safe @exclusivity(unchecked) var state = State.open
  /// What the loop looks out for.
  private var watched = Watch.nothing
  @safe @exclusivity(unchecked) var inputEnded = false
  @safe @exclusivity(unchecked) var readingPaused = false
  private var lingers = true
  /// Bytes were put back: nothing is read before they have been handled.
  @safe @exclusivity(unchecked) private(set) var hasPutBack = false
  /// Not read from for a while because of what others have to do first; independent of ``pauseReading()``.
  @safe @exclusivity(unchecked) public var isHeld = false {
    didSet { updateWatch() }
  }
  /// Whether no more is read once more than a megabyte waits to be sent, until all of it has left: a peer that does not
  /// take its answers asks no more questions.
  @safe @exclusivity(unchecked) public var inputFollowsOutput = false

  init(loop: Loop, fd: Int32, socket: OpaquePointer) {
    self.loop = loop
    self.fd = fd
    unsafe self.socket = socket
  }

  /// Takes over a descriptor; `nil` when the loop cannot watch it (the descriptor is closed then).
  public static func open(fd: Int32, on loop: Loop) -> Connection? {
    let connection = unsafe Connection(loop: loop, fd: fd, socket: OpaquePointer(bitPattern: 1)!)
    let owner = unsafe Unmanaged.passRetained(connection)
    guard let socket = unsafe cloop_socket_open(loop.handle, fd, owner.toOpaque()) else {
      unsafe owner.release()
      cloop_close_fd(fd)
      return nil
    }
    unsafe connection.socket = socket
    connection.updateWatch()
    loop.connectionOpened()
    return connection
  }

  /// Takes output and delivers input.
  public var isOpen: Bool { state == .open }

  /// Bytes queued and not yet given to the kernel.
  public var queuedBytes: Int { queued }

  /// Nothing waits for the kernel.
  public var isWritable: Bool { backlog == nil }

  /// The peer's address as text and its port.
  public var peer: (address: String, port: UInt16)? {
    guard state != .closed else { return nil }
    return peerAddress(of: fd)
  }

  /// Calls the delegate at `deadline`, once; replaces the one set before. `.never` only cancels.
  public func setDeadline(_ deadline: MonotonicTime) {
    loop.cancel(timer)
    timer = deadline == .never || state == .closed ? .none : loop.schedule(self, at: deadline)
  }

  /// Stops reading from the socket: the peer is slowed down by TCP itself.
  public func pauseReading() {
    readingPaused = true
    updateWatch()
  }

  /// Reads again.
  public func resumeReading() {
    readingPaused = false
    updateWatch()
  }

  /// Sends what is queued, then FIN, and closes when the peer has done so too or after a short wait; without
  /// `lingering` at once, for a peer that has said that it sends nothing more. The delegate hears nothing but
  /// ``ConnectionDelegate/closed(_:)`` from now on.
  public func finish(lingering: Bool = true) {
    guard state == .open else { return }
    state = .finishing
    lingers = lingering
    (readingPaused, isHeld, hasPutBack) = (false, false, false)
    setDeadline(loop.now + Self.finishTime)
    if queuedBytes == 0 { linger() }
    if state != .closed { updateWatch() }
  }

  /// Closes at once; what is queued is lost. With `reset` the peer sees a reset instead of an end.
  public func abort(reset: Bool = false) {
    guard state != .closed else { return }
    state = .closed
    loop.cancel(timer)
    timer = .none
    backlog = nil
    queued = 0
    runs = 0
    unsafe cloop_socket_close(socket, reset)
    retire()
  }

  func linger() {
    if let tls, !sayGoodbye(through: tls) { return }
    state = .lingering
    if inputEnded || !lingers { return abort() }
    setDeadline(loop.now + Self.lingerTime)
    unsafe cloop_socket_finish(socket)
  }

  private var isReading: Bool { !readingPaused && !isHeld && !hasPutBack && !inputEnded }

  /// Bytes that are too much work for one turn come again with a later one, before anything else from this peer. Only
  /// for the delegate while it is handed bytes, and once.
  public func putBack(_ bytes: RawSpan) {
    var held = ByteBufferAllocator().buffer(capacity: bytes.byteCount)
    held.writeBytes(bytes)
    hasPutBack = true
    updateWatch()
    let (connection, rest) = (Unchecked(value: self), held)
    loop.submitForLater { connection.value.goOn(with: rest) }
  }

  private func goOn(with rest: ByteBuffer) {
    guard state == .open else { return }
    hasPutBack = false
    updateWatch()
    var rest = rest
    var bytes = rest.mutableReadableBytesSpan
    handOn(&bytes)
    if let tls, tls.hasEnded, !hasPutBack { endInput() }
  }

  /// The kernel has taken this turn's output, of so many bytes; false when something else comes of it, which is left to
  /// be done.
  @inline(__always)
  func tookAll(_ count: Int) -> Bool {
    // Without a backlog nothing is left, and what is watched for is what it should be: nothing to be sent, and input,
    // which only a long queue would have held up.
    guard state == .open, extras == nil, watched == .input else { return false }
    _ = loop.counted(count)
    queued -= count
    return true
  }

  func updateWatch() {
    guard state != .closed else { return }
    let isThrottled = inputFollowsOutput && queuedBytes > Self.highWater
    let (reads, writes) = (isReading && !isThrottled, backlog != nil)
    let watch: Watch = reads ? writes ? .both : .input : writes ? .output : .nothing
    guard watch != watched else { return }
    watched = watch
    unsafe cloop_socket_watch(socket, reads, writes)
  }

  /// The loop lets go of the connection: it was the owner that `open` retained it for.
  func retire(moved: Bool = false) {
    loop.connectionGone(moved: moved)
    ticket = nil
    if let tls { loop.tls.leave(tls) }
    tls = nil
    let delegate = self.delegate
    self.delegate = nil
    delegate?.closed(self)
    unsafe Unmanaged.passUnretained(self).release()
  }
}

extension Connection: TimerTarget {
  public func deadlineReached(_ now: MonotonicTime) {
    // Somebody whose deadline came at the same time may have moved or cancelled this one.
    guard timer != .none, !loop.wheel.contains(timer) else { return }
    timer = .none
    switch state {
    case .open where tls?.isHandshaking == true:
      loop.counters.handshakesTimedOut &+= 1
      abort()
    case .open: delegate?.deadlineReached(now, on: self)
    case .finishing, .lingering: abort()
    case .closed: break
    }
  }
}

/// The text form of a connected descriptor's other end.
func peerAddress(of fd: Int32) -> (address: String, port: UInt16)? {
  var port: UInt16 = 0
  let address = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CLOOP_ADDRESS_MAX)) {
    text -> String? in
    guard let base = text.baseAddress, unsafe cloop_peer_address(fd, base, &port) else { return nil }
    return unsafe String(cString: base)
  }
  return address.map { ($0, port) }
}
