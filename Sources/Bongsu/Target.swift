/// Whom a message is for.
struct Target: Sendable {
  /// Rooms or socket ids; none means everyone in the namespace.
  var rooms: [String] = []
  /// Rooms or socket ids that are left out.
  var except: [String] = []
  /// Left out as well: the sender.
  var sender: Member?
}
