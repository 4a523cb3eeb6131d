extension LocalRooms {
  /// Lets a member into a room, which exists from its first member on.
  ///
  /// - Returns: Whether the member is in the room because of this call: false if it was, and false if it does not sit
  ///   here (a socket that has gone joins nothing).
  /// - Throws: `RoomsError.tooManyRooms` when the member is in `roomsPerMember` rooms.
  @discardableResult
  public func join(_ member: Member, _ name: String) throws(RoomsError) -> Bool {
    guard let seat = seat(of: member) else { return false }
    return try unsafe ledger.join(seat: seat, name)
  }

  /// Lets a member out of a room; false if it was not in it. A room that loses its last member is gone.
  @discardableResult
  public func leave(_ member: Member, _ name: String) -> Bool {
    guard let seat = seat(of: member) else { return false }
    return unsafe ledger.leave(seat: seat, name)
  }

  /// Lets a member out of all its rooms. It keeps its seat.
  public func leaveAll(_ member: Member) {
    guard let seat = seat(of: member) else { return }
    unsafe ledger.leaveAll(seat: seat)
  }

  /// The rooms a member has joined, in no particular order; its own room, which costs nothing, is not among them.
  public func names(of member: Member) -> [String] {
    guard let seat = seat(of: member) else { return [] }
    return unsafe ledger.names(seat: seat)
  }

  /// Whether a member has joined a room.
  public func contains(_ member: Member, in name: String) -> Bool {
    guard let seat = seat(of: member) else { return false }
    return unsafe ledger.contains(seat: seat, name)
  }

  /// The number of members of this loop that have joined a room.
  public func count(of name: String) -> Int { unsafe ledger.count(of: name) }

  /// The rooms that have members on this loop, in no particular order.
  public var roomNames: [String] { unsafe ledger.numbers.keys.map(\.text) }

  /// The number of rooms that have members on this loop.
  public var roomCount: Int { unsafe ledger.numbers.count }
}
