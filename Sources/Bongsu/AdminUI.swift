import Synchronization

/// What the Socket.IO Admin UI (the page at admin.socket.io, or a copy of it) may see of a server and do with it.
///
/// ```swift
/// var admin = AdminUI(.basic(username: "ops", passwordHash: "$2b$10$…"))
/// admin.mode = .production
/// try io.instrument(admin)
/// ```
public struct AdminUI: Sendable {
  /// Who may look.
  public enum Authentication: Sendable {
    /// Whoever knows the name and the password, of which only the bcrypt hash is kept (`$2a$`, `$2b$` or `$2y$`, with a
    /// cost from 4 to 15). Afterwards the page comes back by an id that it is given, for ``AdminUI/sessionTime``.
    case basic(username: String, passwordHash: String)
    /// Everybody who can reach the server, with all that the page can do.
    case unprotected
  }

  /// How much is seen.
  public enum Mode: Sendable {
    /// Each client, its rooms and its events. Every event is told to the page as well, which costs.
    case development
    /// Numbers that the server counts anyway: messages cost no more than without the page.
    case production
  }

  /// Who may look.
  public var authentication: Authentication
  /// Where the page connects. There must not be a namespace of this name yet.
  public var namespace = "/admin"
  /// How much is seen.
  public var mode = Mode.development
  /// Whether the page can only look. Otherwise it can send events, change who is in which room, and disconnect clients.
  public var isReadOnly = false
  /// What the page calls this server; `nil` for the host's name.
  public var serverID: String?
  /// How often the page is sent the server's numbers, ten times a second at most; it takes a server without any for ten
  /// seconds for dead.
  public var statsInterval = Duration.seconds(2)

  // MARK: Limits

  /// How long the page may come back without the password.
  public var sessionTime = Duration.seconds(86_400)
  /// Ids of such pages; with one more the oldest is forgotten.
  public var sessions = 1_024
  /// Logins that wait until their passwords are checked, one after the other; of one address a quarter of them. As many
  /// more may wait that do not know the name.
  public var waitingLogins = 16
  /// How long a login waits for those of its address that came before.
  public var loginWait = Duration.seconds(10)
  /// How long an address that gave a wrong password has to wait.
  public var loginPause = Duration.seconds(1)
  /// Events that the page is told of in a second, with ``Mode/development``; others are only counted.
  public var eventsPerSecond = 1_000
  /// Bytes of an event's arguments, a socket's data or a header field; the page is told only how long larger ones are.
  public var shownBytes = 16_384
  /// Clients that the page is told of when it comes, with ``Mode/development``; others as soon as they do something.
  public var listedSockets = 5_000
  /// Bytes of all of these together, as JSON; of each client not more than some kilobytes are among them.
  public var listedBytes = 4 << 20

  /// - Parameter authentication: who may look.
  public init(_ authentication: Authentication) { self.authentication = authentication }

  /// What the page offers (`Feature` of the reference's typed-events.ts).
  var features: [String] {
    let changing = ["EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"]
    return (isReadOnly ? [] : changing) + ["AGGREGATED_EVENTS"] + (mode == .development ? ["ALL_EVENTS"] : [])
  }
}

/// Why a server cannot be shown to the Admin UI.
public enum AdminUIError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The password is to be given as a bcrypt hash with a cost from 4 to 15.
  case invalidPasswordHash
  /// There is a namespace of this name already, or the server has an Admin UI.
  case namespaceInUse(String)

  public var description: String {
    switch self {
    case .invalidPasswordHash: "the password has to be a bcrypt hash ($2a$, $2b$ or $2y$) with a cost from 4 to 15"
    case .namespaceInUse(let name): "the namespace \(name) is in use already, or there is an Admin UI elsewhere"
    }
  }
}

extension Server {
  /// Lets the Socket.IO Admin UI connect; once at most, before the server starts. The page comes from another origin,
  /// which ``EngineOptions/cors`` has to allow.
  ///
  /// Throws ``AdminUIError``.
  public func instrument(_ options: AdminUI) throws {
    let login: AdminLogin? =
      switch options.authentication {
      case .basic(let username, let hash): try AdminLogin(username: username, passwordHash: hash, options)
      case .unprotected: nil
      }
    try instrument(options, login)
  }

  func instrument(_ options: AdminUI, _ login: AdminLogin?) throws(AdminUIError) {
    guard admin.load() == nil, let namespace = namespaces.add(options.namespace) else {
      throw .namespaceInUse(options.namespace)
    }
    let new = Admin(self, namespace, options, login)
    guard admin.storeIfNil(new) === new else { throw .namespaceInUse(options.namespace) }
    new.open()
  }
}
