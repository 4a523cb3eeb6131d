import BongsuRooms
import Testing

/// Members join, leave, come and go while they are being visited.
@Suite struct LocalRoomsVisitTests {
  /// One visit and what happened meanwhile.
  private final class Record {
    var visited: [Int] = []
    /// Members that joined, left, came or went since the visit began.
    var moved: Set<Int> = []
  }

  /// A namespace whose visits are disturbed at random, by further visits too.
  private final class House {
    let people: [Person]
    let names: [String]
    let rooms = LocalRooms<Person>(limit: 4)
    var generator: SeededGenerator
    var records: [Record] = []

    init(seed: UInt64) {
      generator = SeededGenerator(seed: seed)
      people = (0..<Int.random(in: 1...16, using: &generator)).map { Person($0) }
      names = (0..<Int.random(in: 1...4, using: &generator)).map { "room \($0)" }
    }

    func move() {
      let person = generator.pick(people)
      for record in records { record.moved.insert(person.id) }
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: rooms.remove(person)
      case 1: rooms.leave(person, generator.pick(names))
      case 2: rooms.leaveAll(person)
      case 3: rooms.add(person)
      default: _ = try? rooms.join(person, generator.pick(names))
      }
    }

    func visit() {
      let targets = names.filter { _ in generator.chance(50) }
      let except = names.filter { _ in generator.chance(15) }
      let sender = generator.chance(30) ? generator.pick(people) : nil
      let expected = rooms.ids(in: targets, except: except, excluding: sender)
      let excluded = Set(rooms.ids()).subtracting(rooms.ids(except: except, excluding: sender))
      let record = Record()
      records.append(record)
      rooms.forEach(in: targets, except: except, excluding: sender) { person in
        record.visited.append(person.id)
        #expect(rooms.contains(person), "who has been removed is not visited")
        while generator.chance(40) { move() }
        if records.count < 3, generator.chance(10) { visit() }
        #expect(rooms.violation() == nil)
      }
      records.removeLast()
      let visited = Set(record.visited)
      #expect(visited.count == record.visited.count, "never twice")
      #expect(visited.subtracting(record.moved) == Set(expected).subtracting(record.moved), "who stays is visited")
      #expect(excluded.subtracting(record.moved).isDisjoint(with: visited))
    }
  }

  @Test(arguments: 0..<40) func whoStaysIsVisitedOnceAndNobodyTwice(seed: UInt64) {
    let house = House(seed: seed)
    for _ in 0..<150 {
      for _ in 0..<5 { house.move() }
      house.visit()
      #expect(house.rooms.violation() == nil)
    }
  }

  @Test func aRoomThatDiesUnderItsVisitIsNotMistakenForANewOne() throws {
    let rooms = LocalRooms<Person>(limit: 9)
    let people = (0..<4).map { Person($0) }
    for person in people { rooms.add(person) }
    for person in people.prefix(3) { try rooms.join(person, "old") }
    var visited: [Int] = []
    rooms.forEach(in: ["old"]) { person in
      visited.append(person.id)
      for other in people { rooms.leave(other, "old") }
      for other in people { _ = try? rooms.join(other, "new") }
    }
    #expect(visited == [2])
    #expect(rooms.ids(in: ["new"]) == [0, 1, 2, 3] && rooms.violation() == nil)
  }

  @Test func aVisitWithinAVisitStartsFresh() {
    let rooms = LocalRooms<Person>(limit: 9)
    let people = (0..<3).map { Person($0) }
    for person in people { rooms.add(person) }
    var pairs: Set<[Int]> = []
    rooms.forEach(in: []) { one in
      rooms.forEach(in: [], excluding: one) { other in pairs.insert([one.id, other.id]) }
    }
    #expect(pairs == [[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]])
  }
}
