/// What `Package.swift` says about each target, read as text.
struct Manifest {
  struct Target {
    let name: String
    let isTest: Bool
    let directory: String
    let dependencies: Set<String>
    let settings: String?

    var isC: Bool { directory.hasPrefix("CShims/") }
  }

  let targets: [Target]
  /// The text of `let settings`.
  let settings: String

  init(_ file: File) {
    settings = Self.text(after: "let settings", in: file.text, open: "[", close: "]", from: "=") ?? ""
    var targets: [Target] = []
    for keyword in [".target(", ".executableTarget(", ".testTarget("] {
      var rest = Substring(file.text)
      while let range = rest.firstRange(of: keyword) {
        let body = Self.text(after: "", in: String(rest[range.lowerBound...]), open: "(", close: ")") ?? ""
        targets.append(Self.target(body, isTest: keyword == ".testTarget("))
        rest = rest[range.upperBound...]
      }
    }
    self.targets = targets
  }

  private static func target(_ body: String, isTest: Bool) -> Target {
    let name = string(after: "name:", in: body) ?? ""
    let list = text(after: "dependencies:", in: body, open: "[", close: "]") ?? ""
    let items = list.split { ",[] \n".contains($0) }
    let products = [
      "nio": "NIOCore", "arguments": "ArgumentParser", "logging": "Logging", "metrics": "CoreMetrics",
      "lifecycle": "ServiceLifecycle", "locks": "NIOConcurrencyHelpers",
    ]
    let dependencies = items.map { item in
      item.hasPrefix("\"") ? String(item.dropFirst().dropLast()) : products[String(item)] ?? String(item)
    }
    let settings = body.firstRange(of: "swiftSettings:").map { range in
      String(body[range.upperBound...].drop { " \n".contains($0) }.prefix { $0.isLetter })
    }
    return Target(
      name: name, isTest: isTest,
      directory: string(after: "path:", in: body) ?? (isTest ? "Tests/\(name)" : "Sources/\(name)"),
      dependencies: Set(dependencies), settings: settings)
  }

  private static func string(after label: String, in text: String) -> String? {
    guard let range = text.firstRange(of: label) else { return nil }
    return text[range.upperBound...].drop { $0 != "\"" }.dropFirst().prefix { $0 != "\"" }.description
  }

  /// From the first `open` behind `label` through the `close` that belongs to it.
  private static func text(
    after label: String, in text: String, open: Character, close: Character, from start: Character? = nil
  ) -> String? {
    var rest = Substring(text)
    if !label.isEmpty {
      guard let range = text.firstRange(of: label) else { return nil }
      rest = text[range.upperBound...]
    }
    if let start { rest = rest.drop { $0 != start } }
    rest = rest.drop { $0 != open }
    var depth = 0
    for index in rest.indices {
      if rest[index] == open { depth += 1 }
      if rest[index] == close { depth -= 1 }
      if depth == 0 { return String(rest[...index]) }
    }
    return nil
  }
}
