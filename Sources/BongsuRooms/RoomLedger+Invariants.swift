extension RoomLedger {
  /// What is wrong with the bookkeeping, if anything. For tests; its cost is that of looking at everything.
  func violation() -> String? {
    for (number, seat) in seats.enumerated() {
      if seat.stays.count > roomsPerMember { return "seat \(number): \(seat.stays.count) rooms" }
      for (index, stay) in seat.stays.enumerated() {
        let place = rooms[Int(stay.room)].places[Int(stay.position)]
        if place.seat != number || place.stay != index { return "seat \(number): stay \(index) is not returned" }
      }
    }
    for (name, number) in numbers {
      let room = rooms[number]
      if RoomName(room.name) != name { return "\(name.text): the room is called \(room.name)" }
      if room.places.isEmpty { return "\(name.text) is empty" }
      for (position, place) in room.places.enumerated() {
        let stay = seats[Int(place.seat)].stays[Int(place.stay)]
        if stay.room != number || stay.position != position { return "\(name.text): place \(position) is not returned" }
      }
    }
    if numbers.count + vacant.count != rooms.count { return "\(rooms.count) rooms, \(vacant.count) vacant" }
    if depth == 0, !departed.isEmpty { return "a visit has kept somebody" }
    if inner.count != max(0, depth - 1) { return "\(depth) visits, \(inner.count) of them inner" }
    return nil
  }
}
