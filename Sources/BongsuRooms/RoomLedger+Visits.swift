extension RoomLedger {
  @usableFromInline
  mutating func beginVisit() {
    depth += 1
    if depth == 1 {
      stamp += 1
    } else {
      inner.append([])
    }
  }

  /// Returns members for the caller to let go of.
  @usableFromInline
  mutating func endVisit() -> [AnyObject] {
    depth -= 1
    guard depth == 0 else {
      inner.removeLast()
      return []
    }
    guard !departed.isEmpty else { return [] }
    let gone = departed
    departed = []
    return gone
  }

  @usableFromInline
  func number(of name: String) -> Int? { numbers[RoomName(name)] }

  @usableFromInline
  mutating func claimAll(in room: Int) {
    for place in rooms[room].places {
      _ = claim(Int(place.seat))
    }
  }

  /// Notes that the visit has come by a seat; false if it had before.
  @usableFromInline
  mutating func claim(_ seat: Int) -> Bool {
    guard depth == 1 else { return claimWithin(seat) }
    guard seats[seat].stamp != stamp else { return false }
    seats[seat].stamp = stamp
    return true
  }

  /// Kept out of line: inlined, its preparations to change `inner` would burden every step of an outermost visit.
  @inline(never)
  private mutating func claimWithin(_ seat: Int) -> Bool {
    inner[inner.count - 1].insert(seats[seat].identity).inserted
  }

  /// The next member of everyone that the visit has not come by, from the end to the start, like `next(in:below:)`.
  @usableFromInline
  mutating func next(below index: inout Int) -> Unmanaged<AnyObject>? {
    index = min(index, seats.count)
    while index > 0 {
      index -= 1
      if claim(index) { return unsafe seats[index].member }
    }
    return nil
  }

  /// The next member of a room that the visit has not come by.
  ///
  /// From the end to the start: then a swap-remove between two calls only ever moves members that have been visited
  /// towards those that have not (`claim` tells them), never the other way round. All that lies below `index`, or in
  /// the whole array when it has become shorter than that, has not been looked at.
  @usableFromInline
  mutating func next(in room: Int, below index: inout Int) -> Unmanaged<AnyObject>? {
    index = min(index, rooms[room].places.count)
    while index > 0 {
      index -= 1
      let seat = Int(rooms[room].places[index].seat)
      if claim(seat) { return unsafe seats[seat].member }
    }
    return nil
  }
}
