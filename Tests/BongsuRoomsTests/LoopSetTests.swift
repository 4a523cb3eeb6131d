import BongsuRooms
import Testing

@Suite struct LoopSetTests {
  @Test func iteratesOverItsMembersInAscendingOrder() {
    #expect(Array(LoopSet(rawValue: 0)) == [])
    #expect(Array(LoopSet(rawValue: 0b1010_0001)) == [0, 5, 7])
    #expect(Array(LoopSet(rawValue: 1 << 63 | 1)) == [0, 63])
    #expect(Array(LoopSet(rawValue: .max)) == Array(0..<64))
  }

  @Test func holdsEveryLoopNumber() {
    var all = LoopSet.none
    for loop in 0..<64 {
      #expect(!all.contains(loop))
      all.insert(loop)
      #expect(all.contains(loop) && all.count == loop + 1)
    }
    for loop in 0..<64 {
      #expect(all.removing(loop) == LoopSet(rawValue: ~(1 << loop)))
      #expect(LoopSet(loop).union(LoopSet(0)).contains(loop))
    }
    all.remove(63)
    #expect(all.rawValue == .max >> 1)
  }

  @Test(arguments: [-65, -64, -1, 64, 65, .min, .max])
  func numbersThatAreNoLoopsMakeTheEmptySet(number: Int) {
    #expect(LoopSet(number).isEmpty)
    #expect(!LoopSet(rawValue: .max).contains(number))
  }
}
