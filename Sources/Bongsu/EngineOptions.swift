internal import BongsuSession

/// How clients come to an Engine.IO endpoint, and so to Socket.IO. Names and defaults are the reference server's.
///
/// Two of the reference's options are elsewhere: `maxHttpBufferSize` is ``Limits/messageBytes``, `perMessageDeflate` is
/// ``Configuration/compression``.
public struct EngineOptions: Sendable {
  // MARK: Where and how

  /// Where the endpoint lives. Requests to all paths that begin with it are its own, unless a page has that path.
  public var path = "/socket.io"
  /// Whether the path ends with a slash.
  public var addTrailingSlash = true
  /// What clients may come by.
  public var transports: Set<Transport> = [.polling, .webSocket]
  /// Whether a client that came by long polling may change to a WebSocket.
  public var allowUpgrades = true
  /// Whether long polling may go by script elements (a `j` in the query), for browsers that know no CORS. It is refused
  /// all the same where ``Configuration/allowedOrigins`` restricts origins.
  public var allowJSONP = true
  /// Whether clients of Engine.IO 3, that is, of Socket.IO 1 and 2, are served as well. For Socket.IO only with the
  /// default ``Configuration/parser``.
  ///
  /// Such a client's id in the namespace `/` is, by its protocol, that of its session, which is all that a poll has to
  /// show: whoever is told the id can poll and post in its place, so tell it to nobody who must not. (The relay tells
  /// ids to those who ask for presence.)
  public var allowEIO3 = false
  /// How answers to polls are compressed; `nil` for not at all.
  public var httpCompression: HTTPCompression? = HTTPCompression()
  /// A message that each client is sent right behind the handshake.
  public var initialPacket: EngineMessage?
  /// Whether a connection that asks for a protocol at a path where nobody speaks it is closed with its 404.
  public var destroyUpgrade = true

  // MARK: Times

  /// From one pong to the next ping. Clients of Engine.IO 3 ping by themselves and are told to do it so often.
  public var pingInterval = Duration.seconds(25)
  /// How long a pong may take.
  public var pingTimeout = Duration.seconds(20)
  /// How long the upgrade from long polling to WebSocket may take.
  public var upgradeTimeout = Duration.seconds(10)

  // MARK: Browsers

  /// Which pages of other origins may use the server from a browser.
  public var cors = CORS.none
  /// Decides about a request in place of ``cors``, on the thread of the request's loop.
  public var corsForRequest: (@Sendable (Request) -> CORS)?
  /// A cookie with the session's id; `nil` for none.
  public var cookie: SessionCookie?

  // MARK: Questions

  /// Whether a request may open a session; the others are refused with code 4. An error that it throws is a no, and
  /// goes to ``Configuration/onError``. Nothing else of the request's connection is read meanwhile.
  public var allowRequest: (@Sendable (Request) async throws -> Permission)?
  /// Makes the id of a session; `nil` for 20 unguessable characters. Whoever knows the id of a session by long polling
  /// can be its client. Empty ones, ones of more than 256 bytes and those in use, like errors, are a bad request.
  public var generateId: (@Sendable (Request) async throws -> String)?
  private(set) var middlewares: [EngineMiddleware] = []

  /// Adds a function that sees every request to the endpoint, upgrades included, after those that were added before.
  public mutating func use(_ middleware: @escaping EngineMiddleware) { middlewares.append(middleware) }

  // MARK: Events

  /// May change the header fields of the answer that opens a session, on the loop's thread.
  public var onInitialHeaders: (@Sendable (inout HeaderFields, Request) -> Void)?
  /// May change the header fields of every answer to a session's request, on the loop's thread.
  public var onHeaders: (@Sendable (inout HeaderFields, Request) -> Void)?
  /// Is given each new session before anything else is done with it, on the loop's thread: the engine's own event
  /// `connection`, for whoever listens to what lies below Socket.IO.
  public var onConnection: (@Sendable (EngineSocket) -> Void)?
  /// Hears of the packets that are being handed to a session's transport, on the loop's thread; for all sessions what
  /// ``EngineEvent/flush`` is for one.
  public var onFlush: (@Sendable (EngineSocket, [EngineSocket.Packet]) -> Void)?
  /// Hears that they have been, on the loop's thread.
  public var onDrain: (@Sendable (EngineSocket) -> Void)?
  /// Hears of each request that is refused, on the loop's thread.
  public var onConnectionError: (@Sendable (ConnectionError) -> Void)?

  /// The reference server's options.
  public init() {}

  /// What a request's path begins with.
  var prefix: String {
    let path = path.hasSuffix("/") ? String(path.dropLast()) : path
    return addTrailingSlash ? path + "/" : path
  }

  /// Whether every session is listened to.
  var isObserving: Bool { onFlush != nil || onDrain != nil }

  var timing: EngineTiming {
    var timing = EngineTiming()
    timing.pingInterval = pingInterval
    timing.pingTimeout = pingTimeout
    timing.upgradeTimeout = upgradeTimeout
    return timing
  }

  /// What a polling client is told it may upgrade to.
  var upgrades: [String] { allowUpgrades && transports.contains(.webSocket) ? ["websocket"] : [] }
}

/// What ``EngineOptions/allowRequest`` decides.
public enum Permission: Sendable {
  case allowed
  /// The client is told the message; without one, `Forbidden`.
  case denied(String? = nil)
}

/// Sees a request before anything else does, and may set header fields of its answer. Returns an answer to refuse the
/// request with, or `nil` to let it pass; an error that it throws refuses it as a bad request (code 3).
public typealias EngineMiddleware = @Sendable (Request, inout HeaderFields) async throws -> Response?
