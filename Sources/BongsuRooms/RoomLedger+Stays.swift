extension RoomLedger {
  mutating func join(seat: Int, _ name: String) throws(RoomsError) -> Bool {
    let known = numbers[RoomName(name)]
    if let known, stay(of: seat, in: known) != nil { return false }
    let stays = seats[seat].stays.count
    guard stays < roomsPerMember else { throw .tooManyRooms(limit: roomsPerMember) }
    let room = known ?? open(name)
    let position = UInt32(number: rooms[room].places.count)
    seats[seat].stays.append(Stay(room: UInt32(number: room), position: position))
    rooms[room].places.append(Place(seat: UInt32(number: seat), stay: UInt32(number: stays)))
    if isObserved { news.append(.joined(name)) }
    return true
  }

  mutating func leave(seat: Int, _ name: String) -> Bool {
    guard let room = numbers[RoomName(name)], let stay = stay(of: seat, in: room) else { return false }
    leave(seat: seat, stay: stay)
    return true
  }

  mutating func leaveAll(seat: Int) {
    for stay in seats[seat].stays.indices.reversed() {
      leave(seat: seat, stay: stay)
    }
  }

  func contains(seat: Int, _ name: String) -> Bool {
    guard let room = numbers[RoomName(name)] else { return false }
    return stay(of: seat, in: room) != nil
  }

  func names(seat: Int) -> [String] {
    var names: [String] = []
    for stay in seats[seat].stays {
      names.append(rooms[Int(stay.room)].name)
    }
    return names
  }

  func count(of name: String) -> Int {
    guard let room = numbers[RoomName(name)] else { return 0 }
    return rooms[room].places.count
  }

  /// Where in its stays a seat has a room: a search through the shorter of the two arrays.
  private func stay(of seat: Int, in room: Int) -> Int? {
    if seats[seat].stays.count <= rooms[room].places.count {
      return seats[seat].stays.firstIndex { Int($0.room) == room }
    }
    return rooms[room].places.first { Int($0.seat) == seat }.map { Int($0.stay) }
  }

  private mutating func open(_ name: String) -> Int {
    let number: Int
    // A visit may be walking along a room that has just gone: its number rests until no visit is under way.
    if depth == 0, let free = vacant.popLast() {
      number = free
      rooms[number] = Room(name: name)
    } else {
      number = rooms.count
      rooms.append(Room(name: name))
    }
    numbers[RoomName(name)] = number
    let isNew = table.join(RoomKey(namespace: namespace, name: name), loop: loop)
    if isNew, isObserved { news.append(.created(name)) }
    return number
  }

  private mutating func close(_ room: Int) {
    let name = rooms[room].name
    numbers.removeValue(forKey: RoomName(name))
    rooms[room] = Room(name: "")
    vacant.append(room)
    if numbers.isEmpty, depth == 0 {
      rooms.releaseIfLarge()
      vacant.releaseIfLarge()
      numbers.removeAll(keepingCapacity: numbers.capacity <= 1024)
    }
    let isGone = table.leave(RoomKey(namespace: namespace, name: name), loop: loop)
    if isGone, isObserved { news.append(.deleted(name)) }
  }

  /// Ends a stay: in both arrays the last element takes the place of the one that goes, and its partner is told.
  private mutating func leave(seat: Int, stay: Int) {
    let gone = seats[seat].stays[stay]
    let (room, position) = (Int(gone.room), Int(gone.position))
    let lastPlace = rooms[room].places.removeLast()
    if position < rooms[room].places.count {
      rooms[room].places[position] = lastPlace
      seats[Int(lastPlace.seat)].stays[Int(lastPlace.stay)].position = gone.position
    }
    let lastStay = seats[seat].stays.removeLast()
    if stay < seats[seat].stays.count {
      seats[seat].stays[stay] = lastStay
      rooms[Int(lastStay.room)].places[Int(lastStay.position)].stay = UInt32(number: stay)
    }
    if seats[seat].stays.isEmpty { seats[seat].stays = [] }
    if isObserved { news.append(.left(rooms[room].name)) }
    if rooms[room].places.isEmpty { close(room) }
  }
}
