/// Text that may have come from the wire, as it may stand in a log: on one line, without anything that a terminal
/// obeys or that changes how the rest is read, and not longer than is good to know.
enum WireText {
  /// Scalars that are shown.
  static var maximum: Int { 128 }

  static func printable(_ text: some StringProtocol, maximum: Int = maximum) -> String {
    var printable = ""
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == maximum { return printable + "…" }
      if isHarmless(scalar) {
        printable.unicodeScalars.append(scalar)
      } else {
        printable += #"\u{"# + String(scalar.value, radix: 16) + "}"
      }
    }
    return printable
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F && scalar != "\\" }
    return switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
