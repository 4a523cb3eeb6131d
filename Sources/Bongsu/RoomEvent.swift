import NIOConcurrencyHelpers
internal import BongsuRooms

/// What happened to a room of this server.
///
/// A room is created before its first socket joins it, and deleted after its last one has left it; who is in a room
/// joins it no second time. Events of one socket come in order; those of sockets on different loops may overtake each
/// other.
public enum RoomEvent: Sendable, Equatable {
  /// The reference's `create-room`.
  case created(room: String)
  /// The reference's `join-room`.
  case joined(room: String, id: String)
  /// The reference's `leave-room`.
  case left(room: String, id: String)
  /// The reference's `delete-room`.
  case deleted(room: String)
}

extension MemoryAdapter {
  /// Calls `handler` on the loop of whoever comes or goes, from then on. Plain WebSockets create and delete rooms, but
  /// have no id to join with.
  public func onRoomEvent(_ handler: @escaping @Sendable (RoomEvent) -> Void) {
    roomHandlers.withLockedValue { $0.append(handler) }
    onEveryLoop { $0.observe() }
  }

  func tell(_ event: RoomEvent) {
    for handler in roomHandlers.withLockedValue({ $0 }) { handler(event) }
  }

  /// Reports what a call about a member came to.
  func tell(_ news: [RoomNews], of member: Member) {
    let id = (member as? Socket)?.id
    for one in news {
      switch one {
      case .created(let room): tell(.created(room: room))
      case .joined(let room): if let id { tell(.joined(room: room, id: id)) }
      case .left(let room): if let id { tell(.left(room: room, id: id)) }
      case .deleted(let room): tell(.deleted(room: room))
      }
    }
  }
}
