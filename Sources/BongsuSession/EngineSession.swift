public import BongsuBytes
public import BongsuEngineIO
public import NIOCore

/// One Engine.IO session as a value: polls, packets and time go in, what to do comes out.
///
/// It knows no connection. The driver tells it what arrived on which transport and carries out the ``EngineAction``s it
/// gets back, in their order. While the transport is polling, packets wait here; on a WebSocket the driver sends them
/// itself and the session only watches over heartbeats and closing.
public struct EngineSession {
  public enum Transport: String, Sendable {
    case polling, webSocket = "websocket"
  }

  public enum State: Sendable, Equatable {
    case open
    /// Closed by the server, which still has something to say to a polling client; input is ignored.
    case closing(until: MonotonicTime)
    case closed
  }

  enum Heartbeat {
    case idle(pingAt: MonotonicTime)
    case awaitingPong(until: MonotonicTime)
    /// In version 3 it is the client that pings.
    case awaitingPing(until: MonotonicTime)
  }

  /// Boxed, because few sessions are upgraded at a time.
  indirect enum Upgrade {
    case none
    case probing(until: MonotonicTime)
    /// `3probe` was sent: a pending poll is answered with a noop until `5` comes.
    case probed(until: MonotonicTime, noopAt: MonotonicTime)
  }

  // Ordered so that little lies between them: 72 bytes in all.

  var heartbeat: Heartbeat
  public internal(set) var transport: Transport
  public let dialect: EngineDialect
  /// A GET waits for its answer.
  public internal(set) var pollPending = false
  /// A POST's body is still arriving.
  var postPending = false
  public internal(set) var state = State.open
  let timing: EngineTiming
  var upgrade = Upgrade.none
  /// Packets that wait for a poll.
  var outbox: [OutgoingPacket] = []
  /// Packets wait for a poll.
  public var hasOutput: Bool { !outbox.isEmpty }
  /// A ping has been sent that is not answered.
  public var awaitsPong: Bool { if case .awaitingPong = heartbeat { true } else { false } }
  /// Bytes in `outbox`.
  public internal(set) var queuedBytes = 0

  public init(
    transport: Transport, dialect: EngineDialect = .version4, timing: EngineTiming, now: MonotonicTime
  ) {
    self.transport = transport
    self.dialect = dialect
    self.timing = timing
    heartbeat =
      dialect.isVersion3 ? Self.awaitingPing(timing, now) : .idle(pingAt: now + timing.pingInterval)
  }

  /// Engine.IO 3, Timeouts: the server gives up when no ping has come for both times together.
  static func awaitingPing(_ timing: EngineTiming, _ now: MonotonicTime) -> Heartbeat {
    .awaitingPing(until: now + timing.pingInterval + timing.pingTimeout)
  }

  /// When ``deadlineReached(_:)`` wants to be called.
  public var nextDeadline: MonotonicTime {
    switch state {
    case .closed: return .never
    case .closing(let until): return until
    case .open: break
    }
    let beat =
      switch heartbeat {
      case .idle(let at), .awaitingPong(let at), .awaitingPing(let at): at
      }
    return switch upgrade {
    case .none: beat
    case .probing(let until): min(beat, until)
    case .probed(let until, let noopAt): min(beat, pollPending ? min(until, noopAt) : until)
    }
  }

  /// Holds between any two calls.
  func invariants() -> Bool {
    (transport == .polling || (!pollPending && outbox.isEmpty)) && (state != .closed || !pollPending)
      && queuedBytes == outbox.reduce(0) { $0 + $1.cost }
  }
}

/// What the driver of a session has to do.
public enum EngineAction: Equatable, Sendable {
  /// Answer the pending GET with 200 and this payload, which is text unless a client of version 3 is sent bytes.
  case answerPoll(ByteBuffer, isBinary: Bool = false)
  /// Send a packet in a frame of its own on the session's WebSocket.
  case send(OutgoingPacket)
  /// Send the answer `3probe` on the probing WebSocket.
  case sendProbeAnswer
  /// Close the probing WebSocket; the session lives on.
  case dropProbe
  /// The probing WebSocket is now the session's transport; these packets waited for a poll and are sent there first,
  /// each in a frame of its own.
  case adoptProbe(waiting: [OutgoingPacket])
  /// Close the session's WebSocket with an empty close frame.
  case closeWebSocket
  /// The session is over: tell whoever listens. Always the last.
  case closed(CloseReason)
}
