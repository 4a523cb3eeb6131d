import FoundationEssentials

/// How a ``Server`` behaves. Defaults are those of the reference Socket.IO server.
public struct Configuration: Sendable {
  /// Threads, each with an event loop of its own; one per core by default. At most 63.
  public var loops: Int
  /// Where Socket.IO lives.
  public var path = "/socket.io/"
  /// From one pong to the next ping.
  public var pingInterval = Duration.seconds(25)
  /// How long a pong may take.
  public var pingTimeout = Duration.seconds(20)
  /// How long a plain WebSocket may be silent before it is pinged.
  public var webSocketPingInterval = Duration.seconds(25)
  /// How long it may then still be silent before it counts as gone.
  public var webSocketPingTimeout = Duration.seconds(20)
  /// How long the upgrade from long polling to WebSocket may take.
  public var upgradeTimeout = Duration.seconds(10)
  /// What clients may come by.
  public var transports: Set<Transport> = [.polling, .webSocket]
  /// Whether a client that came by long polling may change to a WebSocket.
  public var allowsUpgrades = true
  /// Which pages of other origins may use the server from a browser.
  public var cors = CORS.none
  /// Origins whose pages may connect at all, WebSockets included, besides pages of the server's own host; `nil` for
  /// every origin, as the reference has it. Clients that are no browsers send no Origin and are not affected.
  public var allowedOrigins: Set<String>?
  /// What clients can make the server hold.
  public var limits = Limits()
  /// How messages on WebSockets are compressed, unless a route says otherwise.
  public var compression = Compression.off
  /// Certificates, to speak HTTPS and WSS only; `nil` for neither.
  public var tls: TLSConfiguration?
  /// How long clients have to take their leave when the server shuts down.
  public var shutdownTime = Duration.seconds(5)
  /// Hears of what has no other place to be reported: values that cannot be encoded, payloads that a handler cannot
  /// decode, errors thrown by handlers. On any thread.
  public var onError: @Sendable (any Error) -> Void = { _ in }

  /// The reference server's behaviour on as many threads as there are cores.
  public init(loops: Int = Configuration.coreCount) { self.loops = loops }

  /// The cores this process may run on.
  public static var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }
}

/// What a client's bytes come by.
public enum Transport: String, Sendable, Hashable {
  case polling
  case webSocket = "websocket"
}

/// Cross-origin resource sharing: which origins a browser lets read the server's answers. It does not restrict
/// WebSockets, which browsers open to anywhere.
public struct CORS: Sendable {
  enum Origins: Sendable {
    case none, any
    case list(Set<String>)
  }

  let origins: Origins
  let credentials: Bool

  /// No cross-origin access: no header is sent.
  public static let none = CORS(origins: .none, credentials: false)

  /// Every origin, without credentials.
  public static let any = CORS(origins: .any, credentials: false)

  /// These origins, written as browsers send them: `https://example.com`.
  public static func origins(_ origins: [String], credentials: Bool = false) -> CORS {
    CORS(origins: .list(Set(origins)), credentials: credentials)
  }

  /// The header fields of an answer to a request with this Origin.
  func headers(origin: String?) -> [(String, String)] {
    var headers: [(String, String)] = []
    switch origins {
    case .none: return []
    case .any: headers.append(("Access-Control-Allow-Origin", "*"))
    case .list(let list):
      if let origin, list.contains(origin) { headers.append(("Access-Control-Allow-Origin", origin)) }
      headers.append(("Vary", "Origin"))
    }
    if credentials { headers.append(("Access-Control-Allow-Credentials", "true")) }
    return headers
  }

  /// What the answer to a preflight request has besides (Fetch, CORS-preflight request).
  func preflightHeaders(requested: String?) -> [(String, String)] {
    var headers = [("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")]
    if let requested {
      headers.append(("Vary", "Access-Control-Request-Headers"))
      headers.append(("Access-Control-Allow-Headers", requested))
    }
    return headers
  }

  var isEnabled: Bool { if case .none = origins { false } else { true } }
}
