/// What lets a client of a socket come back to it: on the socket's loop.
final class Continuity {
  /// The session's private id.
  let pid: String
  var history: SessionHistory
  /// The client is coming back, and hears nothing before it has heard what it has missed.
  var isHeld = false
  /// The session that it comes back to.
  let restored: RestoredSession?

  /// Whether the history is one of the log here.
  var isOfThisLog: Bool { restored?.session.history != nil }

  init(sid: String) {
    // Nobody else shall guess it; where it was made does not matter.
    pid = Identifier(loop: 0).description
    history = SessionHistory(sid: sid, start: 0)
    restored = nil
  }

  init(_ restored: RestoredSession) {
    pid = restored.session.pid
    history = restored.session.history ?? SessionHistory(sid: restored.session.sid, start: 0)
    self.restored = restored
  }
}
