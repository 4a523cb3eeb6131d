/// A moment as MessagePack writes it (extension type −1, timestamp).
public struct MessagePackDate: Sendable, Hashable {
  /// Since 1970 began in UTC; before it, negative.
  public let seconds: Int64
  /// Later than `seconds`, below a thousand million.
  public let nanoseconds: UInt32

  /// Nil when the nanoseconds make a second or more.
  public init?(seconds: Int64, nanoseconds: UInt32) {
    guard nanoseconds < 1_000_000_000 else { return nil }
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// What JavaScript's `Date` counts.
  public init(milliseconds: Int64) {
    let part = milliseconds % 1_000
    let rest = part < 0 ? part + 1_000 : part
    seconds = milliseconds / 1_000 - (part < 0 ? 1 : 0)
    nanoseconds = UInt32(truncatingIfNeeded: rest) * 1_000_000
  }

  /// As `Date.prototype.toJSON` writes it: `2026-11-22T15:27:22.000Z`. Nil from 8.64 × 10¹² s on, and as long before
  /// 1970, where JavaScript's dates end (ECMAScript, Time Values).
  public var text: String? {
    let end: Int64 = 8_640_000_000_000
    guard (-end..<end).contains(seconds) else { return nil }
    let secondOfDay = (seconds % 86_400 + 86_400) % 86_400
    let (year, month, day) = Self.civil(day: (seconds - secondOfDay) / 86_400)
    let time = [secondOfDay / 3_600, secondOfDay / 60 % 60, secondOfDay % 60].map { Self.digits($0, 2) }
    let years = (0...9_999).contains(year) ? Self.digits(year, 4) : (year < 0 ? "-" : "+") + Self.digits(abs(year), 6)
    let milliseconds = Self.digits(Int64(nanoseconds / 1_000_000), 3)
    let date = "\(years)-\(Self.digits(month, 2))-\(Self.digits(day, 2))"
    return "\(date)T\(time.joined(separator: ":")).\(milliseconds)Z"
  }

  private static func digits(_ number: Int64, _ count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }

  /// The date in the Gregorian calendar of a day counted from 1970-01-01. Years begin in March here, so that a leap day
  /// is a year's last and each month begins after (153 m + 2) / 5 days.
  private static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let daysOfEra: Int64 = 146_097
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - daysOfEra + 1) / daysOfEra
    let dayOfEra = shifted - era * daysOfEra
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
  }
}
