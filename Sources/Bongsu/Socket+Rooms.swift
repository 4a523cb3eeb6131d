internal import BongsuReactor
internal import BongsuRooms

extension Socket {
  /// Joins a room; the socket leaves all of its rooms when it disconnects. More rooms than ``Limits/roomsPerSocket`` or
  /// a longer name than ``Limits/roomNameBytes`` are reported to ``Configuration/onError``.
  public func join(_ room: String) {
    namespace.memory.change(on: HubReference(holder.hub)) { [self] _ in
      do throws(RoomError) { try joinNow(room) } catch {
        holder.hub.reached(error.limit, by: holder)
        namespace.report(error)
      }
    }
  }

  /// Joins several rooms, as ``join(_:)-(String)`` does.
  public func join(_ rooms: [String]) { for room in rooms { join(room) } }

  /// On its loop.
  func joinNow(_ room: String) throws(RoomError) {
    guard !isGone else { return }
    let limits = holder.hub.limits
    let nameBytes = room.utf8.count - (RelayRoom.isWatch(room) ? 1 : 0)
    guard nameBytes <= limits.roomNameBytes else { throw .nameTooLong(limit: limits.roomNameBytes) }
    guard connected else { return try joinEarly(room, limit: limits.roomsPerSocket) }
    do throws(RoomsError) { try localNamespace.join(self, room) } catch {
      throw .tooManyRooms(limit: limits.roomsPerSocket)
    }
  }

  /// A middleware lets it into a room: it hears nothing there before it is connected.
  private func joinEarly(_ room: String, limit: Int) throws(RoomError) {
    let extras = self.extras ?? SocketExtras()
    guard extras.earlyRooms.count < limit else { throw .tooManyRooms(limit: limit) }
    if !extras.earlyRooms.contains(where: { RoomName($0) == RoomName(room) }) { extras.earlyRooms.append(room) }
    self.extras = extras
  }

  /// Leaves a room.
  public func leave(_ room: String) {
    onLoop { [self] in
      if isAstray, isOwn(room) { return }
      extras?.earlyRooms.removeAll { RoomName($0) == RoomName(room) }
      if connected { localNamespace.leave(self, room) }
    }
  }

  /// Whether it has joined a room; on its loop.
  func isIn(_ room: String) -> Bool { localNamespace.contains(self, in: room) }

  /// Whether this is the name of the room that is the socket's own. `String` would take others for it, too.
  func isOwn(_ room: String) -> Bool { RoomName(room) == RoomName(id) }

  /// The rooms the socket is in, its own among them. Only on the socket's loop, that is, in its handlers.
  ///
  /// Rooms differ when the bytes of their names do; of names that are canonically equivalent to Unicode, which are one
  /// string to Swift, only one is here.
  public var rooms: Set<String> { Set(roomNames) }

  /// All of ``rooms``, each once. On the socket's loop.
  var roomNames: [String] {
    precondition(loop.isCurrent, "a socket's rooms are known on its loop only")
    if isGone { return [] }
    let names = connected ? localNamespace.names(of: self) : extras?.earlyRooms ?? []
    let own = RoomName(id)
    return names.contains { RoomName($0) == own } ? names : names + [own.text]
  }
}

/// Why a socket could not join a room.
public enum RoomError: Error, Sendable, CustomStringConvertible {
  case tooManyRooms(limit: Int)
  case nameTooLong(limit: Int)

  public var description: String {
    switch self {
    case .tooManyRooms(let limit): "a client may be in \(limit) rooms at most"
    case .nameTooLong(let limit): "the name of a room may have \(limit) bytes at most"
    }
  }
}
