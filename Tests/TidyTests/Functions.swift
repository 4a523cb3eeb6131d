/// The functions of a file and how many lines each takes, from its keyword to its closing brace.
///
/// A heuristic: after `func`, `init`, `deinit` or `subscript` the first brace outside parentheses opens the body, unless
/// the line of another declaration or a closing brace comes first (a requirement of a protocol has no body). In C, a
/// function begins with a line that starts at the margin and ends with `{`, and ends with `}` at the margin.
enum Functions {
  struct Function {
    /// From 1.
    let line: Int
    let count: Int
  }

  static func swift(in code: Code) -> [Function] {
    var functions: [Function] = []
    for (index, line) in code.lines.enumerated() where declaresFunction(line) {
      if let end = end(from: index, in: code) { functions.append(Function(line: index + 1, count: end - index + 1)) }
    }
    return functions
  }

  static func c(in code: Code) -> [Function] {
    var functions: [Function] = []
    var start: Int?
    for (index, line) in code.lines.enumerated() {
      if start == nil, line.first.map({ $0 > 0x20 && $0 != 0x7D }) == true, line.contains(0x28) { start = index }
      if line.first == 0x7D, let begin = start { functions.append(Function(line: begin + 1, count: index - begin + 1)) }
      if line.first == 0x7D || line.last == 0x3B && line.first.map({ $0 > 0x20 }) == true { start = nil }
    }
    return functions
  }

  private static func declaresFunction(_ line: [UInt8]) -> Bool {
    let words = Code.words(in: line).prefix(8).map { String(decoding: $0, as: UTF8.self) }
    let modifiers: Set = [
      "public", "internal", "private", "fileprivate", "package", "static", "class", "final", "override", "mutating",
      "nonmutating", "convenience", "required", "consuming", "borrowing", "nonisolated", "unsafe", "inline",
      "inlinable", "discardableResult", "always", "__always", "c", "implementation", "usableFromInline", "safe",
      "open", "async",
    ]
    guard let first = words.first(where: { !modifiers.contains($0) }) else { return false }
    let trimmed = line.drop { $0 == 0x20 }
    // `.init(…)` and `self.init(…)` are calls.
    return ["func", "init", "deinit", "subscript"].contains(first) && trimmed.first != 0x2E
  }

  private static func end(from start: Int, in code: Code) -> Int? {
    var (parentheses, braces) = (0, 0)
    for index in start..<code.lines.count {
      if index > start, braces == 0, parentheses == 0, declaresAnything(code.lines[index]) { return nil }
      for byte in code.lines[index] {
        switch byte {
        case 0x28, 0x5B: parentheses += 1
        case 0x29, 0x5D: parentheses -= 1
        case 0x7B where braces > 0 || parentheses == 0: braces += 1
        case 0x7D where braces == 1: return index
        case 0x7D where braces > 1: braces -= 1
        case 0x7D where parentheses == 0: return nil
        default: break
        }
      }
    }
    return nil
  }

  private static func declaresAnything(_ line: [UInt8]) -> Bool {
    let words = Code.words(in: line).prefix(4).map { String(decoding: $0, as: UTF8.self) }
    let keywords: Set = ["func", "var", "let", "init", "case", "struct", "class", "enum", "associatedtype"]
    return !keywords.isDisjoint(with: words)
  }
}
