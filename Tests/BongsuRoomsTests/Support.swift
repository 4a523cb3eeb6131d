import BongsuRooms

final class Person: RoomMember {
  let id: Int
  var roomSeat = RoomSeat()
  private let farewell: () -> Void

  init(_ id: Int, farewell: @escaping () -> Void = {}) {
    self.id = id
    self.farewell = farewell
  }

  deinit {
    farewell()
  }
}

/// SplitMix64: the same seed gives the same test.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &self)] }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

func room(_ name: String) -> RoomKey { RoomKey(namespace: 0, name: name) }

extension LocalRooms where Member == Person {
  convenience init(limit: Int = 100, table: RoomTable = RoomTable(loops: 1)) {
    self.init(namespace: 0, loop: 0, table: table, roomsPerMember: limit)
  }

  func ids(in names: [String] = [], except: [String] = [], excluding: Person? = nil) -> [Int] {
    var ids: [Int] = []
    forEach(in: names, except: except, excluding: excluding) { ids.append($0.id) }
    return ids.sorted()
  }
}
