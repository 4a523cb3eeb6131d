import Foundation

/// The package's own sources.
enum Tree {
  /// The nearest directory above this file that holds a manifest, whatever links lead here.
  static let root: URL = {
    var directory = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    while directory.path() != "/", !FileManager.default.fileExists(atPath: directory.path() + "Package.swift") {
      directory = directory.deletingLastPathComponent()
    }
    return directory
  }()

  static let sources = files(in: "Sources")
  static let shims = files(in: "CShims")
  static let tests = files(in: "Tests")
  static let manifest = File(path: "Package.swift")

  static var swift: [File] { sources.filter { $0.path.hasSuffix(".swift") } }
  static var c: [File] { shims.filter { $0.path.hasSuffix(".c") || $0.path.hasSuffix(".h") } }

  static var articles: [File] { files(in: "Sources", endings: [".md"]) }

  private static let code = [".swift", ".c", ".h", ".js", ".css", ".html", ".py"]

  private static func files(in directory: String, endings: [String] = code) -> [File] {
    let paths = FileManager.default.enumerator(atPath: root.path() + directory)?.compactMap { $0 as? String } ?? []
    return paths.sorted().filter { path in endings.contains(where: path.hasSuffix) }
      .map { File(path: directory + "/" + $0) }
  }
}

struct File: CustomStringConvertible {
  /// From the root on.
  let path: String
  let text: String
  let lines: [Substring]

  init(path: String) {
    self.path = path
    text = (try? String(contentsOf: Tree.root.appending(path: path), encoding: .utf8)) ?? ""
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  var description: String { path }

  /// The file with comments and the contents of strings blanked out.
  var code: Code { Code(text) }

  /// The modules a Swift file imports.
  var imports: [String] {
    let words = lines.map { $0.split(separator: " ") }
    return words.compactMap { words in
      let access = ["public", "internal", "package", "private", "fileprivate", "@testable", "@_exported"]
      let rest = words.drop { access.contains(String($0)) }
      guard rest.first == "import", let name = rest.last else { return nil }
      return String(name.split(separator: ".").first ?? name)
    }
  }

  /// What a C file includes, without quotes and angles.
  var includes: [String] {
    lines.filter { $0.hasPrefix("#include") }
      .map { $0.dropFirst("#include".count).trimmingCharacters(in: CharacterSet(charactersIn: " \"<>")) }
  }
}
