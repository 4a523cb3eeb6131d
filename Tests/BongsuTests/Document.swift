import Foundation

/// A page of documentation, and the Swift in it.
struct Document: CustomStringConvertible {
  let path: String
  private let lines: [String]

  /// - Parameter path: from the package's root on.
  init(_ path: String) throws {
    self.path = path
    lines = try Self.lines(of: Self.root.appending(path: path))
  }

  /// The lines of its blocks of Swift, empty ones aside.
  var swift: [String] {
    var isSwift = false
    return lines.filter { line in
      if line.hasPrefix("```") { isSwift = line == "```swift" }
      return isSwift && !line.isEmpty && !line.hasPrefix("```")
    }
  }

  /// What stands in code voice in the last column of its tables.
  var callsInTables: [String] {
    lines.filter { $0.hasPrefix("|") && $0.contains("`") }
      .flatMap { $0.split(separator: "|").last.map(Self.codes) ?? [] }
  }

  var description: String { path }

  private static func codes(in cell: Substring) -> [String] {
    let parts = cell.split(separator: "`", omittingEmptySubsequences: false)
    return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
  }

  private static var root: URL { URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..") }

  /// All articles about the library.
  static func articles() throws -> [Document] {
    let folder = "Sources/Bongsu/Bongsu.docc"
    let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path())
    return try names.sorted().filter { $0.hasSuffix(".md") }.map { try Document(folder + "/" + $0) }
  }

  /// The lines of code that is compiled, without their indentation.
  static func compiled(_ file: String) throws -> Set<String> { Set(try lines(of: URL(filePath: file))) }

  private static func lines(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
