/// Whoever can join rooms: in the library, a namespace's socket.
///
/// A member belongs to at most one `LocalRooms` at a time.
public protocol RoomMember: AnyObject {
  /// Where the member sits; starts as `RoomSeat()` and is then for `LocalRooms` alone to change.
  var roomSeat: RoomSeat { get set }
}

/// A member's place in its `LocalRooms`: four bytes, and all the state that a member itself keeps.
public struct RoomSeat: Sendable {
  @usableFromInline let number: UInt32

  /// No seat.
  @inlinable public init() {
    number = .max
  }

  @inlinable init(_ number: Int) {
    self.number = UInt32(truncatingIfNeeded: number)
  }
}

/// Why a member may not join a room.
public enum RoomsError: Error, Equatable, Sendable {
  /// The member is in as many rooms as one member may be.
  case tooManyRooms(limit: Int)
}
