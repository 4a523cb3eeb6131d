/// A time as header fields have it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7, IMF-fixdate).
public enum HTTPDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  /// The last second of the year 9999; there are four digits for the year.
  private static let last: Int64 = 253_402_300_799

  /// - Parameter seconds: since the beginning of 1970; earlier times count as then.
  public static func text(secondsSince1970 seconds: Int64) -> String {
    let (day, second) = max(0, min(seconds, last)).quotientAndRemainder(dividingBy: 86_400)
    let date = civil(day)
    let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(days[Int(day % 7)]), \(padded(date.day, 2)) \(months[date.month]) \(padded(date.year, 4)) \(clock) GMT"
  }

  /// The date so many days after the beginning of 1970. Months are counted from 0, and inside from March on, so that
  /// the leap day is a year's last.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int, day: Int64) {
    // From 1 March of the year 0; 146 097 days are 400 years.
    let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Five months from March on have 153 days.
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    return (era * 400 + yearOfEra + (month >= 10 ? 1 : 0), Int((month + 2) % 12), day)
  }

  private static func padded(_ number: Int64, _ count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }
}
