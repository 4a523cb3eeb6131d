import NIOConcurrencyHelpers

/// What handlers on other threads have noted.
final class Log: Sendable {
  private let entries = NIOLockedValueBox<[String]>([])

  func add(_ line: String) { entries.withLockedValue { $0.append(line) } }

  /// Takes the lines there are.
  var lines: [String] {
    entries.withLockedValue { lines in
      defer { lines = [] }
      return lines
    }
  }
}
