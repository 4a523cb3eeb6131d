/// Numbers as JavaScript writes them (ECMAScript, Number::toString).
public enum JavaScriptNumber {
  /// The shortest digits that read back as `number`, without an exponent from 1e-6 to below 1e21.
  public static func text(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    if number == 0 { return "0" }
    let magnitude = decimal(number.magnitude)
    return (number < 0 ? "-" : "") + layOut(magnitude.digits, point: magnitude.point)
  }

  /// The significant digits, and how many of them stand in front of the decimal point (may be negative or larger
  /// than their count). Swift's own description has the same shortest digits, laid out by other rules.
  private static func decimal(_ number: Double) -> (digits: String, point: Int) {
    let parts = number.description.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0]
    let integers = mantissa.prefix { $0 != "." }.count
    var digits = mantissa.filter { $0 != "." }[...]
    let zeros = digits.prefix { $0 == "0" }.count
    digits = digits.dropFirst(zeros)
    while digits.last == "0" { digits.removeLast() }
    return (String(digits), integers + exponent - zeros)
  }

  private static func layOut(_ digits: String, point: Int) -> String {
    let count = digits.count
    switch point {
    case count...21 where count <= 21:
      return digits + String(repeating: "0", count: point - count)
    case 1...21:
      return "\(digits.prefix(point)).\(digits.dropFirst(point))"
    case -5...0:
      return "0." + String(repeating: "0", count: -point) + digits
    default:
      let exponent = point - 1
      let fraction = count > 1 ? ".\(digits.dropFirst())" : ""
      return "\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
    }
  }
}
