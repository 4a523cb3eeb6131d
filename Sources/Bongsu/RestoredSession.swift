/// What an adapter has of a client that is back.
final class RestoredSession: Sendable {
  let session: SavedSession
  let identifier: Identifier
  let missed: Missed

  enum Missed: Sendable {
    /// By the log here, which goes on.
    case replay(Replay)
    /// By an adapter with a log of its own.
    case packets([Packet])
  }

  /// Nil when the session is none of a socket of Socket.IO 3 or newer.
  init?(_ session: SavedSession, _ missed: Missed) {
    guard let identifier = Identifier(session.sid) else { return nil }
    self.session = session
    self.identifier = identifier
    self.missed = missed
  }
}
