import BongsuRooms
import Testing

/// The obvious implementation: a dictionary of sets.
private struct Model {
  var members: Set<Int> = []
  var rooms: [String: Set<Int>] = [:]

  func names(of id: Int) -> Set<String> { Set(rooms.filter { $0.value.contains(id) }.keys) }

  mutating func leave(_ id: Int, _ name: String) -> Bool {
    let was = rooms[name]?.remove(id) != nil
    if rooms[name]?.isEmpty == true { rooms[name] = nil }
    return was
  }

  mutating func leaveAll(_ id: Int) {
    for name in names(of: id) { _ = leave(id, name) }
  }

  func audience(in names: [String], except: [String], excluding: Int?) -> Set<Int> {
    var audience = names.isEmpty ? members : names.reduce(into: []) { $0.formUnion(rooms[$1] ?? []) }
    for name in except { audience.subtract(rooms[name] ?? []) }
    if let excluding { audience.remove(excluding) }
    return audience
  }
}

@Suite struct LocalRoomsModelTests {
  private static let limit = 5

  @Test(arguments: 0..<20) func agreesWithADictionaryOfSets(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let people = (0..<Int.random(in: 2...24, using: &generator)).map { Person($0) }
    let names = (0..<Int.random(in: 1...9, using: &generator)).map { "room \($0)" }
    let table = RoomTable(loops: 1)
    let rooms = LocalRooms<Person>(limit: Self.limit, table: table)
    var model = Model()
    for _ in 0..<1500 {
      let person = generator.pick(people)
      let name = generator.pick(names)
      try step(rooms, &model, person, name, &generator)
      #expect(rooms.violation() == nil)
      #expect(Set(rooms.names(of: person)) == model.names(of: person.id))
      #expect(rooms.contains(person, in: name) == (model.rooms[name]?.contains(person.id) ?? false))
      #expect(rooms.count(of: name) == model.rooms[name]?.count ?? 0)
      #expect(rooms.count == model.members.count && Set(rooms.roomNames) == Set(model.rooms.keys))
      let targets = names.filter { _ in generator.chance(30) }
      let except = names.filter { _ in generator.chance(15) }
      let sender = generator.chance(50) ? generator.pick(people) : nil
      #expect(
        rooms.ids(in: targets, except: except, excluding: sender)
          == model.audience(in: targets, except: except, excluding: sender?.id).sorted())
      #expect(table.loops(of: room(name), loop: 0).isEmpty == (model.rooms[name] == nil))
      #expect(table.loops(of: .everyone(in: 0), loop: 0).isEmpty == model.members.isEmpty)
      table.quiesce(loop: 0)
    }
    rooms.removeAll()
    #expect(table.census.live == 0)
  }

  private func step(
    _ rooms: LocalRooms<Person>, _ model: inout Model, _ person: Person, _ name: String,
    _ generator: inout SeededGenerator
  ) throws {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0..<3:
      #expect(rooms.add(person) == model.members.insert(person.id).inserted)
    case 3:
      #expect(rooms.remove(person) == (model.members.remove(person.id) != nil))
      model.leaveAll(person.id)
    case 4:
      rooms.leaveAll(person)
      model.leaveAll(person.id)
    case 5..<10:
      #expect(rooms.leave(person, name) == model.leave(person.id, name))
    default:
      let isNew = model.members.contains(person.id) && !(model.rooms[name]?.contains(person.id) ?? false)
      if isNew, model.names(of: person.id).count == Self.limit {
        #expect(throws: RoomsError.tooManyRooms(limit: Self.limit)) { try rooms.join(person, name) }
      } else {
        #expect(try rooms.join(person, name) == isNew)
        if isNew { model.rooms[name, default: []].insert(person.id) }
      }
    }
  }
}
