/// Swift or C source without what is not code: comments and the contents of string literals become blanks, line breaks
/// stay. Interpolations count as part of their string; `'` begins a literal in C only, where one follows within three
/// characters.
struct Code {
  let lines: [[UInt8]]

  init(_ text: String) {
    var scanner = Scanner(Array(text.utf8))
    scanner.run()
    lines = scanner.output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
  }

  /// How often a word stands in the code.
  func count(of word: String) -> Int {
    let word = Array(word.utf8)
    return lines.reduce(0) { sum, line in sum + Self.words(in: line).count { $0.elementsEqual(word) } }
  }

  static func words(in line: [UInt8]) -> [ArraySlice<UInt8>] {
    line.split { !($0 >= 0x80 || $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF)) }
  }
}

private struct Scanner {
  let input: [UInt8]
  var output: [UInt8]
  private var position = 0

  init(_ input: [UInt8]) {
    self.input = input
    output = input
  }

  private func starts(with text: StaticString, at offset: Int) -> Bool {
    let text = text.description.utf8
    return offset + text.count <= input.count && input[offset..<offset + text.count].elementsEqual(text)
  }

  private mutating func blank(to end: Int) {
    for index in position..<min(end, input.count) where input[index] != UInt8(ascii: "\n") {
      output[index] = UInt8(ascii: " ")
    }
    position = min(end, input.count)
  }

  private func end(of text: StaticString, from start: Int) -> Int {
    var offset = start
    while offset < input.count, !starts(with: text, at: offset) { offset += 1 }
    return offset
  }

  mutating func run() {
    while position < input.count {
      if starts(with: "//", at: position) {
        blank(to: end(of: "\n", from: position))
      } else if starts(with: "/*", at: position) {
        blank(to: end(of: "*/", from: position + 2) + 2)
      } else if starts(with: "'", at: position), let end = endOfCharacter() {
        blank(to: end)
      } else if input[position] == UInt8(ascii: "\"") || input[position] == UInt8(ascii: "#") {
        blankString()
      } else {
        position += 1
      }
    }
  }

  private func endOfCharacter() -> Int? {
    let start = position + (starts(with: "'\\", at: position) ? 3 : 2)
    return starts(with: "'", at: start) ? start + 1 : nil
  }

  /// A literal with any number of `#`, one line or several.
  private mutating func blankString() {
    var offset = position
    while offset < input.count, input[offset] == UInt8(ascii: "#") { offset += 1 }
    let hashes = offset - position
    guard starts(with: "\"", at: offset) else {
      position = max(offset, position + 1)
      return
    }
    let quotes = starts(with: "\"\"\"", at: offset) ? 3 : 1
    offset += quotes
    var depth = 0
    while offset < input.count {
      if depth == 0, isClosing(at: offset, quotes: quotes, hashes: hashes) {
        return blank(to: offset + quotes + hashes)
      }
      if depth == 0, input[offset] == UInt8(ascii: "\\"), hasHashes(at: offset + 1, hashes) {
        offset += 1 + hashes
        if offset < input.count, input[offset] == UInt8(ascii: "(") { depth = 1 }
      } else if depth > 0, input[offset] == UInt8(ascii: "(") {
        depth += 1
      } else if depth > 0, input[offset] == UInt8(ascii: ")") {
        depth -= 1
      }
      offset += 1
    }
    blank(to: offset)
  }

  private func hasHashes(at offset: Int, _ count: Int) -> Bool {
    offset + count <= input.count && input[offset..<offset + count].allSatisfy { $0 == UInt8(ascii: "#") }
  }

  private func isClosing(at offset: Int, quotes: Int, hashes: Int) -> Bool {
    let isQuoted = quotes == 3 ? starts(with: "\"\"\"", at: offset) : starts(with: "\"", at: offset)
    return isQuoted && hasHashes(at: offset + quotes, hashes)
  }
}
