public import BongsuRooms

/// Whoever can be in a room: a ``Socket``, or a plain WebSocket (``WebSocketPeer``).
public class Member: RoomMember, @unchecked Sendable {
  /// For the rooms alone.
  public final var roomSeat = RoomSeat()

  init() {}

  /// Sends a message of a room. On the member's loop.
  func deliver(_ delivery: Delivery) {}
}
