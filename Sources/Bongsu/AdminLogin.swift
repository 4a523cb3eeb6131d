internal import Dispatch
internal import NIOCore
import NIOConcurrencyHelpers

/// Decides who may look at a server. From any thread.
final class AdminLogin: Sendable {
  /// What the page sends with its request to join (App.vue of the reference): the one or the other.
  private struct Credentials: Decodable {
    var username: String?
    var password: String?
    var sessionId: String?
  }

  /// Larger ones are not looked at.
  private static var credentialBytes: Int { 4_096 }

  private let username: String
  private let matches: @Sendable (String) -> Bool
  /// Passwords are checked here, one at a time: each keeps a core busy for a tenth of a second, and neither a loop nor
  /// the threads of other tasks should have to wait for that.
  private let checks = DispatchQueue(label: "bongsu.admin.login")
  private let turns: LoginTurns
  /// Of those that do not even know the name. They take nobody's turn, and are not told so by an answer that comes
  /// sooner: all that happens to others happens to them.
  private let turnsOfStrangers: LoginTurns
  private let sessions: NIOLockedValueBox<AdminSessions>

  /// Throws ``AdminUIError/invalidPasswordHash``.
  convenience init(username: String, passwordHash: String, _ options: AdminUI) throws {
    guard let hash = PasswordHash(passwordHash) else { throw AdminUIError.invalidPasswordHash }
    self.init(username: username, options) { hash.matches($0) }
  }

  /// - Parameter matches: whether this is the password; may take long.
  init(username: String, _ options: AdminUI, matches: @escaping @Sendable (String) -> Bool) {
    self.username = username
    self.matches = matches
    turns = LoginTurns(options)
    turnsOfStrangers = LoginTurns(options)
    sessions = NIOLockedValueBox(AdminSessions(time: options.sessionTime, limit: options.sessions))
  }

  /// Throws ``ConnectError`` for whoever may not look.
  func check(_ handshake: Handshake) async throws {
    let refusal = ConnectError("invalid credentials")
    guard let credentials = credentials(of: handshake) else { throw refusal }
    if isKnown(credentials) { return }
    guard let name = credentials.username, let password = credentials.password else { throw refusal }
    let isName = Self.equal(name, username)
    let turns = isName ? turns : turnsOfStrangers
    guard await turns.begin(handshake.address) else { throw ConnectError("too many login attempts") }
    let isPassword = await withCheckedContinuation { continuation in
      checks.async { [matches] in continuation.resume(returning: matches(password)) }
    }
    let isRight = isPassword && isName
    turns.end(handshake.address, isRight: isRight)
    if !isRight { throw refusal }
  }

  /// The id by which the page of this handshake, which has passed, can come back; nil when it has one.
  func session(for handshake: Handshake) -> String? {
    if let credentials = credentials(of: handshake), isKnown(credentials) { return nil }
    return sessions.withLockedValue { $0.open(now: .now) }
  }

  private func credentials(of handshake: Handshake) -> Credentials? {
    guard handshake.auth.bytes.readableBytes <= Self.credentialBytes else { return nil }
    return try? handshake.auth(as: Credentials.self)
  }

  private func isKnown(_ credentials: Credentials) -> Bool {
    guard let id = credentials.sessionId else { return false }
    return sessions.withLockedValue { $0.contains(id, now: .now) }
  }

  /// Looks at every byte, whichever is the first that differs.
  private static func equal(_ one: String, _ other: String) -> Bool {
    guard one.utf8.count == other.utf8.count else { return false }
    return zip(one.utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
