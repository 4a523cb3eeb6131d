import Synchronization

/// What handlers on other threads have noted.
final class Log: Sendable {
  private let entries = Mutex<[String]>([])

  func add(_ line: String) { entries.withLock { $0.append(line) } }

  /// Takes the lines there are.
  var lines: [String] {
    entries.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}
