import Testing

/// Whoever uses the library reads its documentation.
@Suite struct DocumentationTests {
  /// Declarations whose meaning is the protocol's that asks for them.
  private static let known = [
    "description", "init(from decoder:", "encode(to encoder:", "init()", "messagePack: MessagePackValue",
  ]

  @Test func everyPublicDeclarationIsDocumented() {
    let directories = ["Sources/Bongsu/", "Sources/BongsuService/", "Sources/BongsuTestKit/"]
    var count = 0
    for file in Tree.swift where directories.contains(where: file.path.hasPrefix) {
      for (index, line) in file.lines.enumerated() where isPublicDeclaration(line) {
        count += 1
        if Self.known.contains(where: line.contains) || isDocumented(file.lines, index) { continue }
        Issue.record("\(file):\(index + 1): \(line)")
      }
    }
    #expect(count > 80)
  }

  /// DocC drops an article whose file is called like a public type.
  @Test func noArticleIsCalledLikeAType() {
    let names = Set(Tree.articles.map { String($0.path.split(separator: "/").last?.dropLast(3) ?? "") })
    let kinds = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    for file in Tree.swift {
      for line in file.lines where isPublicDeclaration(line) {
        let words = line.split { !$0.isLetter }.map(String.init)
        for (kind, name) in zip(words, words.dropFirst()) where kinds.contains(kind) && names.contains(name) {
          Issue.record("\(file): \(line)")
        }
      }
    }
    #expect(names.count > 5)
  }

  private func isPublicDeclaration(_ line: Substring) -> Bool {
    let words = line.split(separator: " ")
    return words.first == "public" && words.dropFirst().first != "extension" && words.dropFirst().first != "import"
  }

  /// A comment stands above, attributes aside.
  private func isDocumented(_ lines: [Substring], _ index: Int) -> Bool {
    let above = lines[..<index].last { !$0.drop { $0 == " " }.hasPrefix("@") }
    return above?.drop { $0 == " " }.hasPrefix("///") == true
  }
}
