import BongsuRooms
import Testing

@Suite struct LocalRoomsTests {
  let people = (0..<6).map { Person($0) }

  private func seated(limit: Int = 100, table: RoomTable = RoomTable(loops: 1)) -> LocalRooms<Person> {
    let rooms = LocalRooms<Person>(limit: limit, table: table)
    for person in people { rooms.add(person) }
    return rooms
  }

  @Test func joiningTwiceIsJoiningOnce() throws {
    let rooms = seated()
    #expect(try rooms.join(people[0], "a"))
    #expect(try !rooms.join(people[0], "a"))
    #expect(rooms.count(of: "a") == 1 && rooms.ids(in: ["a"]) == [0])
    #expect(rooms.leave(people[0], "a"))
    #expect(!rooms.leave(people[0], "a"))
    #expect(!rooms.leave(people[0], "never heard of"))
  }

  @Test func aRoomWithoutMembersIsGone() throws {
    let rooms = seated()
    try rooms.join(people[0], "a")
    try rooms.join(people[1], "a")
    rooms.leave(people[0], "a")
    #expect(rooms.roomNames == ["a"])
    rooms.remove(people[1])
    #expect(rooms.roomNames == [] && rooms.roomCount == 0 && rooms.count(of: "a") == 0)
  }

  @Test func theTableKnowsWhereRoomsAndEveryoneAre() throws {
    let table = RoomTable(loops: 1)
    let rooms = LocalRooms<Person>(limit: 9, table: table)
    #expect(table.loops(of: .everyone(in: 0), loop: 0).isEmpty)
    rooms.add(people[0])
    rooms.add(people[1])
    #expect(table.loops(of: .everyone(in: 0), loop: 0) == LoopSet(0))
    try rooms.join(people[0], "a")
    try rooms.join(people[1], "a")
    #expect(table.loops(of: room("a"), loop: 0) == LoopSet(0))
    rooms.leave(people[0], "a")
    #expect(table.loops(of: room("a"), loop: 0) == LoopSet(0))
    rooms.leaveAll(people[1])
    #expect(table.loops(of: room("a"), loop: 0).isEmpty)
    rooms.removeAll()
    #expect(table.loops(of: .everyone(in: 0), loop: 0).isEmpty && table.census.live == 0)
  }

  @Test func refusesOneRoomTooMany() throws {
    let rooms = seated(limit: 2)
    try rooms.join(people[0], "a")
    try rooms.join(people[0], "b")
    #expect(throws: RoomsError.tooManyRooms(limit: 2)) { try rooms.join(people[0], "c") }
    #expect(try !rooms.join(people[0], "a"))
    #expect(rooms.roomNames.sorted() == ["a", "b"])
    try rooms.join(people[1], "c")
    rooms.leave(people[0], "a")
    #expect(try rooms.join(people[0], "c"))
    #expect(rooms.names(of: people[0]).sorted() == ["b", "c"])
  }

  @Test func whoHasNoSeatHereJoinsNothing() throws {
    let rooms = seated()
    let others = LocalRooms<Person>(limit: 9)
    let stranger = Person(9)
    #expect(try !rooms.join(stranger, "a"))
    #expect(!rooms.remove(stranger) && !rooms.leave(stranger, "a") && rooms.names(of: stranger) == [])
    others.add(stranger)
    // The seat number fits, the member does not.
    #expect(try !rooms.join(stranger, "a"))
    #expect(!rooms.contains(stranger) && !rooms.remove(stranger) && others.contains(stranger))
    #expect(rooms.roomCount == 0 && rooms.count == 6)
    #expect(rooms.ids(excluding: stranger) == [0, 1, 2, 3, 4, 5])
  }

  @Test func visitsTheUnionOfRoomsLessTheExceptions() throws {
    let rooms = seated()
    for number in 0...3 { try rooms.join(people[number], "low") }
    for number in 2...5 { try rooms.join(people[number], "high") }
    try rooms.join(people[3], "quiet")
    #expect(rooms.ids() == [0, 1, 2, 3, 4, 5])
    #expect(rooms.ids(in: ["low", "high", "low"]) == [0, 1, 2, 3, 4, 5])
    #expect(rooms.ids(in: ["low", "high"], except: ["quiet", "nowhere"], excluding: people[4]) == [0, 1, 2, 5])
    #expect(rooms.ids(except: ["low"]) == [4, 5])
    #expect(rooms.ids(in: ["nowhere"]) == [])
    #expect(rooms.ids(in: ["low"], except: ["low"]) == [])
  }

  @Test func aMembersOwnRoomIsResolvedByQuestion() throws {
    let people = self.people
    let rooms = LocalRooms<Person>(
      namespace: 0, loop: 0, table: RoomTable(loops: 1), roomsPerMember: 9,
      ownerOfRoom: { name in Int(name).flatMap { people.indices.contains($0) ? people[$0] : nil } })
    for person in people.dropLast() { rooms.add(person) }
    try rooms.join(people[1], "a")
    try rooms.join(people[2], "3")
    #expect(rooms.ids(in: ["a", "1", "0"]) == [0, 1])
    #expect(rooms.ids(in: ["3"]) == [2, 3])
    #expect(rooms.ids(except: ["3", "0"]) == [1, 4])
    #expect(rooms.ids(in: ["5", "6", "-1"]) == [])
  }

  @Test func canonicallyEquivalentNamesAreTwoRooms() throws {
    let rooms = seated()
    try rooms.join(people[0], "caf\u{e9}")
    try rooms.join(people[1], "cafe\u{301}")
    #expect(rooms.roomCount == 2 && rooms.ids(in: ["caf\u{e9}"]) == [0])
  }

  @Test func keepsMembersAliveAndLetsThemGo() {
    var gone: [Int] = []
    do {
      let rooms = LocalRooms<Person>(limit: 9)
      for id in 0..<3 { rooms.add(Person(id) { gone.append(id) }) }
      #expect(gone == [])
      rooms.forEach(in: []) { person in
        rooms.remove(person)
        #expect(gone == [], "a visit keeps whom it lends out")
      }
      #expect(gone.sorted() == [0, 1, 2] && rooms.violation() == nil)
      rooms.add(Person(3) { gone.append(3) })
    }
    #expect(gone.count == 4)
  }

  @Test func aMembersLastActMayBeAVisit() throws {
    let rooms = LocalRooms<Person>(limit: 9)
    var heard: [Int] = []
    rooms.add(Person(0) { rooms.forEach(in: ["a"]) { heard.append($0.id) } })
    rooms.add(people[1])
    try rooms.join(people[1], "a")
    rooms.forEach(in: []) { if $0.id == 0 { rooms.remove($0) } }
    #expect(heard == [1] && rooms.violation() == nil)
  }
}
