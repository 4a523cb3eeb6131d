/// Whom a message is for.
public struct Target: Sendable {
  /// Rooms or socket ids; none means everyone in the namespace.
  public var rooms: [String] = []
  /// Rooms or socket ids that are left out; the id of a socket that sends is not among them (``exceptWithSender``).
  public var except: [String] = []
  /// Left out as well: the sender.
  var sender: Member?

  init(rooms: [String] = [], except: [String] = [], sender: Member? = nil) {
    self.rooms = rooms
    self.except = except
    self.sender = sender
  }

  /// Those in one of the rooms, or everyone, but not those in an excepted one.
  public init(rooms: [String], except: [String]) { self.init(rooms: rooms, except: except, sender: nil) }

  /// ``except`` and the id of the sender, if it is a ``Socket``: what other servers need to know.
  public var exceptWithSender: [String] {
    guard let socket = sender as? Socket else { return except }
    return except + [socket.id]
  }
}
