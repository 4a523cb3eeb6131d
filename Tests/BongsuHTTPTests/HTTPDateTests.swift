import BongsuHTTP
import Foundation
import Testing

@Suite struct HTTPDateTests {
  private static let dates: [(Int64, String)] = [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
    (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    (.max, "Fri, 31 Dec 9999 23:59:59 GMT"), (.min, "Thu, 01 Jan 1970 00:00:00 GMT"),
  ]

  @Test(arguments: dates) func datesAreWrittenAsHTTPHasThem(seconds: Int64, text: String) {
    #expect(HTTPDate.text(secondsSince1970: seconds) == text)
  }

  @Test func everyDayOfFourCenturiesIsTheCalendars() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    for day in stride(from: Int64(0), to: 146_097, by: 13) {
      let parts = calendar.dateComponents([.year, .day], from: Date(timeIntervalSince1970: Double(day * 86_400)))
      let words = HTTPDate.text(secondsSince1970: day * 86_400).split(separator: " ")
      #expect(words[1].drop { $0 == "0" } == "\(parts.day ?? 0)" && words[3] == "\(parts.year ?? 0)")
    }
  }
}
