/// What a member's coming and going did to a room, in the order in which it happened.
public enum RoomNews: Equatable, Sendable {
  /// The room has its first member on any loop.
  case created(String)
  /// The member that the call was about is in the room.
  case joined(String)
  /// The member that the call was about is not in the room any more.
  case left(String)
  /// The room has no member on any loop.
  case deleted(String)
}

extension LocalRooms {
  /// Whether news are kept for `takeNews()`.
  public var isObserved: Bool {
    get { unsafe ledger.isObserved }
    set { unsafe ledger.isObserved = newValue }
  }

  /// What has happened since the last time, oldest first.
  public func takeNews() -> [RoomNews] { unsafe ledger.takeNews() }
}
