/// What lets a client of a socket come back to it: on the socket's loop.
final class Continuity {
  /// The session's private id.
  let pid: String
  var history: SessionHistory
  /// The client is coming back, and hears nothing before it has heard what it has missed.
  var isHeld = false
  /// What was kept of the session that it comes back to.
  let session: SavedSession?
  /// What it has to be told first.
  var missed: RestoredSession.Missed

  /// Whether the history is one of the log here.
  var isOfThisLog: Bool { session?.history != nil }

  init(sid: String) {
    // Nobody else shall guess it; where it was made does not matter.
    pid = Identifier(loop: 0).description
    history = SessionHistory(sid: sid, start: 0)
    session = nil
    missed = .packets([])
  }

  init(_ restored: RestoredSession) {
    let session = restored.session
    pid = session.pid
    history = session.history ?? SessionHistory(sid: session.sid, start: 0)
    self.session = session
    missed = restored.missed
  }
}
