import BongsuBytes
import Testing

@Suite struct MonotonicTimeTests {
  let noon = MonotonicTime(milliseconds: 43_200_000)

  @Test func aDurationLeadsFromOneTimeToAnother() {
    let later = noon + .seconds(25)
    #expect(later.milliseconds == 43_225_000)
    #expect(later - noon == .seconds(25))
    #expect(noon - later == .seconds(-25))
    #expect(noon < later)
  }

  @Test(
    arguments: [
      (Duration.nanoseconds(1), 1), (.microseconds(1500), 2), (.milliseconds(2), 2), (.zero, 0),
      (.microseconds(-1500), -1), (.nanoseconds(-1), 0), (.milliseconds(-2), -2), (.microseconds(-2000), -2),
    ] as [(Duration, Int64)])
  func partsOfAMillisecondCountAsWholeOnes(duration: Duration, milliseconds: Int64) {
    #expect((noon + duration).milliseconds == noon.milliseconds + milliseconds)
  }

  @Test func sumsSaturate() {
    let late = MonotonicTime(milliseconds: .max - 1)
    let early = MonotonicTime(milliseconds: .min + 1)
    #expect(late + .seconds(1) == .never)
    #expect(noon + .seconds(Int64.max) == .never)
    #expect(noon + .seconds(Int64.min) == MonotonicTime(milliseconds: .min))
    #expect(early + .seconds(-1) == MonotonicTime(milliseconds: .min))
    #expect(late - early == .milliseconds(Int64.max))
    #expect(early - late == .milliseconds(Int64.min))
  }

  @Test func neverStaysNever() {
    #expect(MonotonicTime.never + .seconds(-5) == .never)
    #expect(noon < .never)
  }
}
