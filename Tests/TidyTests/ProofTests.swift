import Foundation
import Testing

/// What documentation says is tested has its test.
@Suite struct ProofTests {
  /// The rows of an article's tables, without their heads.
  private func rows(of article: String) -> [[String]] {
    let lines = File(path: "Sources/Bongsu/Bongsu.docc/" + article).lines.filter { $0.hasPrefix("| ") }
    return lines.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }.filter { $0.last != "Test" }
  }

  @Test(arguments: [("SocketIOFeatures.md", 80), ("BehaviourOnTheWire.md", 60)])
  func everyRowNamesTestsThatExist(article: String, count: Int) {
    let rows = rows(of: article)
    #expect(rows.count > count)
    for row in rows {
      #expect(row.count == 3 && !row[1].isEmpty, "\(row)")
      let proofs = Self.codes(in: row.last ?? "")
      #expect(!proofs.isEmpty, "\(row)")
      for proof in proofs { #expect(exists(proof), "\(proof) in \(row)") }
    }
  }

  /// The protocols' own suites have so many subjects; each is a function of its own, whose name says which.
  @Test(arguments: [("test_suite_engine4.py", 25), ("test_suite_engine3.py", 23), ("test_suite_socketio5.py", 32 - 16)])
  func everySubjectOfASuiteIsThere(name: String, count: Int) {
    let file = File(path: "Tests/Outside/" + name)
    let subjects = file.lines.count { $0.drop { $0 == " " }.hasPrefix("def test_") }
    #expect(subjects == count)
  }

  @Test func sixteenSubjectsAreAskedTwice() {
    let text = File(path: "Tests/Outside/test_suite_engine4.py").text
    let shared = text.components(separatedBy: "\n\n\n").filter { $0.hasPrefix("@shared\nclass") }
    #expect(shared.reduce(0) { $0 + $1.components(separatedBy: "def test_").count - 1 } == 16)
  }

  /// Every limit stands in its article with its default, in the code's own words.
  @Test func everyLimitIsInItsArticle() {
    let article = File(path: "Sources/Bongsu/Bongsu.docc/LimitsAndDefaults.md").text
    let limits = File(path: "Sources/Bongsu/Limits.swift").lines.filter {
      $0.hasPrefix("  public var ") && $0.contains(" = ")
    }
    for limit in limits {
      let parts = limit.dropFirst("  public var ".count).components(separatedBy: " = ")
      #expect(article.contains("| ``Limits/\(parts[0])`` | `\(parts[1])` |"), "\(limit)")
    }
    #expect(limits.count > 25)
  }

  /// `Suite/test`, `file.py::test`, `file.py::TestClass::test` or a `file.py`.
  private func exists(_ proof: String) -> Bool {
    let python = proof.components(separatedBy: "::")
    if python[0].hasSuffix(".py") {
      let file = File(path: "Tests/Outside/" + python[0])
      return !file.text.isEmpty
        && python.dropFirst().allSatisfy { file.text.contains("class \($0):") || file.text.contains("def \($0)(") }
    }
    let parts = proof.split(separator: "/")
    guard parts.count == 2 else { return false }
    return Tree.tests.contains { file in
      file.path.hasSuffix("/\(parts[0]).swift") && file.text.contains("func \(parts[1])(")
    }
  }

  private static func codes(in cell: String) -> [String] {
    let parts = cell.components(separatedBy: "`")
    return parts.indices.filter { $0 % 2 == 1 }.map { parts[$0] }
  }
}
