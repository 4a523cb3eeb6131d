import BongsuBytes
import BongsuEngineIO
import NIOCore

@testable import BongsuSession
@testable import BongsuWebSocket

/// Drives one client's session as a server does, and checks what the session asks of it.
struct ClientDriver {
  let listener: SessionListener
  private static let limits = WebSocketLimits(messageBytes: 1 << 16, fragments: 8)
  private var decoder = WebSocketDecoder()
  private var hasPoll = false
  private var hasProbe = false
  private var isOver = false

  init(transport: EngineSession.Transport) {
    var timing = EngineTiming()
    timing.pingInterval = .milliseconds(300)
    timing.pingTimeout = .milliseconds(200)
    timing.upgradeTimeout = .milliseconds(1000)
    timing.closeTimeout = .milliseconds(3000)
    listener = SessionListener(
      EngineSession(transport: transport, timing: timing, now: MonotonicTime(milliseconds: 1_000)))
  }

  var session: EngineSession {
    get { listener.engine }
    nonmutating set { listener.engine = newValue }
  }

  var now: MonotonicTime { listener.now }

  func check() {
    require(session.invariants(), "the session's invariants")
    require(decoder.holdsInvariants(Self.limits), "the decoder's invariants")
    requireEqual(session.pollPending, hasPoll, "the poll that waits is the one that was not answered")
    requireEqual(session.state == .closed, isOver, "`closed` is said when it is so")
  }

  /// Bytes on the session's WebSocket.
  mutating func receive(_ bytes: ArraySlice<UInt8>) {
    guard !isOver, session.transport == .webSocket else { return }
    var buffer = ByteBuffer(bytes: bytes)
    var span = buffer.mutableReadableBytesSpan
    do throws(WebSocketError) {
      try decoder.decode(&span, limits: Self.limits, into: listener)
    } catch {
      perform(listener.takeActions() + session.close(.transportError))
    }
    perform(listener.takeActions())
  }

  mutating func pass(milliseconds: Int64) {
    listener.now += .milliseconds(milliseconds)
    let actions = session.deadlineReached(now)
    if !actions.isEmpty { listener.isUndisturbed = false }
    require(session.nextDeadline > now, "the next deadline is ahead")
    perform(actions)
  }

  // A session that is over is not there to be asked any more.

  mutating func poll() {
    guard !isOver else { return }
    let wasPending = hasPoll
    switch session.pollArrived() {
    case .accepted(let actions):
      hasPoll = true
      perform(actions + session.flush())
    case .overlapping(let actions):
      require(wasPending, "a single poll does not overlap")
      perform(actions)
    case .wrongTransport: require(session.transport == .webSocket, "polls belong to polling")
    }
  }

  mutating func post(_ body: ArraySlice<UInt8>, isBinary: Bool) {
    guard !isOver else { return }
    switch session.postArrived(isBinary: isBinary) {
    case .accepted(let actions):
      perform(actions)
      let bytes = ByteBuffer(bytes: body)
      var reader = PayloadReader()
      while let packet = reader.next(in: bytes.readableBytesSpan) { listener.packet(packet, bytes.readableBytesSpan) }
      session.postEnded()
      perform(listener.takeActions())
    case .overlapping(let actions): perform(actions)
    case .wrongTransport: require(session.transport == .webSocket, "posts belong to polling")
    }
  }

  mutating func abortPoll() {
    guard hasPoll else { return }
    hasPoll = false
    perform(session.pollAborted())
  }

  mutating func probe() {
    guard !isOver else { return }
    guard !hasProbe else { return require(!session.probeArrived(now: now), "one probe at a time") }
    hasProbe = session.probeArrived(now: now)
    require(!hasProbe || session.transport == .polling, "who is on a WebSocket needs none")
  }

  mutating func probeReceives(_ bytes: ArraySlice<UInt8>) {
    guard hasProbe else { return }
    let type = bytes.first.flatMap(EnginePacketType.init)
    perform(session.probeReceived(type, isProbe: bytes.dropFirst().elementsEqual("probe".utf8), now: now))
  }

  mutating func closeProbe() {
    guard hasProbe else { return }
    hasProbe = false
    session.probeClosed()
  }

  mutating func say(_ data: ArraySlice<UInt8>) {
    session.enqueue(.text(ByteBuffer(bytes: [0x34] + data)))
    session.enqueue(.binary(ByteBuffer(bytes: data)))
  }

  mutating func end(_ how: UInt8) {
    switch how % 3 {
    case 0: perform(session.shutDown())
    case 1: perform(session.close(.forcedServerClose))
    default: if session.transport == .webSocket { perform(session.webSocketClosed(.transportClose)) }
    }
  }

  mutating func perform(_ actions: [EngineAction]) {
    for action in actions {
      require(!isOver, "`closed` is the last")
      switch action {
      case .answerPoll(let payload, _):
        require(hasPoll && payload.readableBytes > 0, "there is a poll to answer, and something to say")
        hasPoll = false
      case .send: require(session.transport == .webSocket, "packets are sent by WebSocket")
      case .sendProbeAnswer: require(hasProbe, "there is a probe")
      case .adoptProbe, .dropProbe:
        require(hasProbe, "there is a probe")
        hasProbe = false
      case .closeWebSocket: require(session.transport == .webSocket, "there is a WebSocket to close")
      case .closed:
        require(!hasPoll && !hasProbe, "no poll and no probe outlives its session")
        isOver = true
        listener.endSockets()
      }
    }
  }
}
