/// Who is in which room: `LocalRooms` without the members' type.
///
/// Not generic, so nothing here needs to be specialised in the caller's module. No method calls anything that could
/// call back: who is to be let go of is returned, and the caller does it afterwards.
@usableFromInline
struct RoomLedger: ~Copyable {
  let namespace: UInt32
  let loop: Int
  let roomsPerMember: Int
  let table: RoomTable

  /// Members and rooms refer to each other by their numbers in these arrays.
  var seats: [Seat] = []
  var rooms: [Room] = []
  var numbers: [RoomName: Int] = [:]

  /// Places in `rooms` without a room.
  var vacant: [Int] = []

  /// Visits under way, one inside another.
  var depth = 0

  /// The number of the newest outermost visit. 64 bits: it never comes round.
  var stamp: UInt64 = 0

  /// For each visit within a visit, whom it has come by; the stamps belong to the outermost one.
  var inner: [Set<ObjectIdentifier>] = []

  /// What happened to rooms since it was last taken; kept only while somebody wants to know.
  var news: [RoomNews] = []
  var isObserved = false

  /// Members that have been removed while some visit may still be lending them out.
  var departed: [AnyObject] = []

  init(namespace: UInt32, loop: Int, table: RoomTable, roomsPerMember: Int) {
    self.namespace = namespace
    self.loop = loop
    self.table = table
    self.roomsPerMember = roomsPerMember
  }

  mutating func takeNews() -> [RoomNews] {
    defer { news = [] }
    return news
  }

  @usableFromInline
  func holds(_ member: AnyObject, at seat: Int) -> Bool {
    seat < seats.count && seats[seat].holds(member)
  }

  /// Gives a member the last seat.
  mutating func add(_ member: AnyObject) {
    seats.append(Seat(member, stamp: stamp))
    // Who is added during visits counts as visited by all of them: it may have been here before.
    for index in inner.indices {
      inner[index].insert(ObjectIdentifier(member))
    }
    if seats.count == 1 { table.join(.everyone(in: namespace), loop: loop) }
  }

  /// Frees a seat by moving the last member into it. Returns that one, and the one that is gone, which the caller
  /// releases by letting go of it (or a visit under way does at its end).
  mutating func remove(seat: Int) -> (gone: AnyObject, moved: AnyObject?) {
    leaveAll(seat: seat)
    let gone = unsafe seats[seat].member.takeRetainedValue()
    if depth > 0 { departed.append(gone) }
    let last = seats.removeLast()
    guard seat < seats.count else {
      if seats.isEmpty {
        seats.releaseIfLarge()
        table.leave(.everyone(in: namespace), loop: loop)
      }
      return (gone, nil)
    }
    seats[seat] = last
    for stay in last.stays {
      rooms[Int(stay.room)].places[Int(stay.position)].seat = UInt32(number: seat)
    }
    return (gone, unsafe last.member.takeUnretainedValue())
  }
}
