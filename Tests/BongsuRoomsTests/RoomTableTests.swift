import BongsuRooms
import Testing

@Suite struct RoomTableTests {
  @Test func anUnknownRoomHasNoLoops() {
    let table = RoomTable(loops: 4)
    #expect(table.loops(of: room("a"), loop: 0) == .none)
    table.leave(room("a"), loop: 0)
    #expect(table.census.live == 0 && table.census.retired == 0 && table.census.signposts == 32)
  }

  @Test func keepsOneBitForEachLoopUpToSixtyFour() {
    let table = RoomTable(loops: 64)
    for loop in 0..<64 {
      table.join(room("a"), loop: loop)
      table.join(room("a"), loop: loop)
      #expect(table.loops(of: room("a"), loop: 0).count == loop + 1)
    }
    for loop in (0..<64).reversed() {
      table.leave(room("a"), loop: loop)
      table.leave(room("a"), loop: loop)
      #expect(Array(table.loops(of: room("a"), loop: 0)) == Array(0..<loop))
    }
    #expect(table.census.live == 0)
  }

  @Test func tellsNamespacesAndEveryoneApart() {
    let table = RoomTable(loops: 4)
    table.join(RoomKey(namespace: 1, name: ""), loop: 1)
    table.join(RoomKey(namespace: 2, name: ""), loop: 2)
    table.join(.everyone(in: 1), loop: 3)
    #expect(Array(table.loops(of: RoomKey(namespace: 1, name: ""), loop: 0)) == [1])
    #expect(Array(table.loops(of: RoomKey(namespace: 2, name: ""), loop: 0)) == [2])
    #expect(Array(table.loops(of: .everyone(in: 1), loop: 0)) == [3])
    #expect(table.loops(of: .everyone(in: 2), loop: 0).isEmpty)
  }

  @Test func comparesNamesByteForByte() {
    let table = RoomTable(loops: 2)
    let names = [
      "", "\u{e9}", "e\u{301}", "12345678", "12345679", "123456789", "a\u{0}", "a", "한", "\u{1112}\u{1161}\u{11ab}",
    ]
    for name in names {
      #expect(table.loops(of: room(name), loop: 0).isEmpty)
      table.join(room(name), loop: 0)
    }
    #expect(table.census.live == names.count)
    for first in names {
      for second in names {
        #expect((room(first) == room(second)) == (Array(first.utf8) == Array(second.utf8)))
      }
    }
  }

  @Test func findsEveryRoomWhileItGrows() {
    let table = RoomTable(loops: 2)
    for number in 0..<5000 {
      table.join(room("room \(number)"), loop: number & 1)
      if number.isMultiple(of: 61) {
        for known in 0...number {
          #expect(table.loops(of: room("room \(known)"), loop: 0) == LoopSet(known & 1))
        }
      }
    }
    #expect(table.census.live == 5000)
    #expect((2048...4096).contains(table.census.signposts))
    #expect(table.loops(of: room("room 5000"), loop: 0).isEmpty)
  }

  @Test func aMillionNamesComeAndGoAndTheirMemoryReturns() {
    let table = RoomTable(loops: 2)
    for wave in 0..<100 {
      for number in 0..<10_000 {
        table.join(room("\(wave)/\(number)"), loop: 0)
      }
      #expect(table.census.live == 10_000)
      for number in 0..<10_000 {
        table.leave(room("\(wave)/\(number)"), loop: 0)
      }
      // The turn has not ended, and yet the garbage of ten thousand rooms is bounded.
      #expect(table.census.live == 0 && table.census.retired <= 1024)
    }
    table.quiesce(loop: 0)
    #expect(table.census.live == 0 && table.census.retired == 0)
    #expect(table.census.signposts <= 16_384)
  }
}
