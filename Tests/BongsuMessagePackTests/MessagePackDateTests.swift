import BongsuMessagePack
import Testing

@Suite struct MessagePackDateTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"), (951_868_799_999, "2000-02-29T23:59:59.999Z"),
    (1_795_361_242_500, "2026-11-22T15:27:22.500Z"), (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
    (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (-62_167_219_200_001, "-000001-12-31T23:59:59.999Z"),
    (253_402_300_800_000, "+010000-01-01T00:00:00.000Z"), (8_639_999_999_999_999, "+275760-09-12T23:59:59.999Z"),
    (-8_639_999_999_999_999, "-271821-04-20T00:00:00.001Z"),
  ])
  func isWrittenAsJavaScriptWritesIt(milliseconds: Int64, text: String) {
    #expect(MessagePackDate(milliseconds: milliseconds).text == text)
  }

  @Test(arguments: [Int64.min, Int64.max, 8_640_000_000_000, -8_640_000_000_001])
  func hasNoTextWhereJavaScriptHasNoDates(seconds: Int64) {
    #expect(MessagePackDate(seconds: seconds, nanoseconds: 0)?.text == nil)
  }

  @Test func everyMillisecondHasADate() {
    #expect(MessagePackDate(milliseconds: .min).nanoseconds == 192_000_000)
    #expect(MessagePackDate(milliseconds: .max).seconds == 9_223_372_036_854_775)
    #expect(MessagePackDate(seconds: 0, nanoseconds: 1_000_000_000) == nil)
  }
}
