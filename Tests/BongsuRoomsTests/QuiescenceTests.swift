import BongsuRooms
import Testing

@Suite struct QuiescenceTests {
  @Test func aLoopAloneFreesAtTheEndOfItsTurn() {
    let table = RoomTable(loops: 3)
    table.join(room("a"), loop: 0)
    table.leave(room("a"), loop: 0)
    #expect(table.census.retired == 1)
    table.quiesce(loop: 0)
    #expect(table.census.retired == 0)
  }

  @Test func aTurnUnderWayElsewhereDelaysFreeing() {
    let table = RoomTable(loops: 3)
    _ = table.loops(of: room("a"), loop: 1)
    table.join(room("a"), loop: 0)
    table.leave(room("a"), loop: 0)
    for _ in 0..<10 {
      table.quiesce(loop: 0)
      #expect(table.census.retired == 1)
    }
    table.quiesce(loop: 1)
    #expect(table.census.retired == 1)
    table.quiesce(loop: 0)
    #expect(table.census.retired == 0)
  }

  @Test func aTurnThatBeganLaterDelaysNothingForEver() {
    let table = RoomTable(loops: 2)
    table.join(room("a"), loop: 0)
    table.leave(room("a"), loop: 0)
    // Loop 1 is in one turn after another, never quiet when loop 0 looks.
    for turn in 0..<6 {
      _ = table.loops(of: room("a"), loop: 1)
      table.quiesce(loop: 0)
      #expect(table.census.retired == (turn < 2 ? 1 : 0), "turn \(turn)")
      table.quiesce(loop: 1)
    }
  }

  @Test func aLoopThatDoesNotTouchTheTableIsQuiet() {
    let table = RoomTable(loops: 64)
    for _ in 0..<3 {
      table.quiesce(loop: 63)
    }
    table.join(room("a"), loop: 0)
    table.leave(room("a"), loop: 0)
    table.quiesce(loop: 0)
    #expect(table.census.retired == 0)
  }

  @Test func garbageHeldUpByAnotherLoopGoesWhenThatLoopLetsGo() {
    let table = RoomTable(loops: 2)
    _ = table.loops(of: room("a"), loop: 1)
    for number in 0..<5000 {
      table.join(room("\(number)"), loop: 0)
      table.leave(room("\(number)"), loop: 0)
    }
    #expect(table.census.retired == 5000)
    table.quiesce(loop: 1)
    table.quiesce(loop: 0)
    #expect(table.census.retired == 0)
  }

  @Test func theTableFreesWhatStillWaits() {
    // Watched by AddressSanitizer's leak check.
    let table = RoomTable(loops: 2)
    _ = table.loops(of: room("a"), loop: 1)
    for number in 0..<1000 {
      table.join(room("a name that is longer than fifteen bytes \(number)"), loop: 0)
      if number.isMultiple(of: 2) { table.leave(room("a name that is longer than fifteen bytes \(number)"), loop: 0) }
    }
    #expect(table.census.live == 500 && table.census.retired == 500)
  }
}
