/// RFC 8259 as a recursive descent, rule by rule and with no thought of speed: what the scanner is compared with.
struct ObviousJSON {
  private let bytes: [UInt8]
  private var index = 0

  static func accepts(_ bytes: [UInt8]) -> Bool {
    var parser = ObviousJSON(bytes: bytes)
    return parser.element() && parser.index == bytes.count
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private mutating func take(_ accepted: String) -> Bool {
    guard index < bytes.count, accepted.utf8.contains(bytes[index]) else { return false }
    index += 1
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard bytes[index...].starts(with: word.utf8) else { return false }
    index += word.utf8.count
    return true
  }

  private mutating func element() -> Bool {
    while take(" \t\n\r") {}
    guard value() else { return false }
    while take(" \t\n\r") {}
    return true
  }

  private mutating func value() -> Bool {
    take(word: "null") || take(word: "true") || take(word: "false") || string() || array() || object() || number()
  }

  private mutating func array() -> Bool {
    let start = index
    guard take("[") else { return false }
    while take(" \t\n\r") {}
    if take("]") { return true }
    repeat {
      guard element() else { break }
      if take("]") { return true }
    } while take(",")
    index = start
    return false
  }

  private mutating func object() -> Bool {
    let start = index
    guard take("{") else { return false }
    while take(" \t\n\r") {}
    if take("}") { return true }
    repeat {
      while take(" \t\n\r") {}
      guard string() else { break }
      while take(" \t\n\r") {}
      guard take(":"), element() else { break }
      if take("}") { return true }
    } while take(",")
    index = start
    return false
  }

  private mutating func string() -> Bool {
    let start = index
    guard take("\"") else { return false }
    while index < bytes.count, bytes[index] >= 0x20 {
      if take("\"") { return true }
      if take("\\") {
        if take("\"\\/bfnrt") { continue }
        guard take("u"), (0..<4).allSatisfy({ _ in take("0123456789abcdefABCDEF") }) else { break }
      } else {
        index += 1
      }
    }
    index = start
    return false
  }

  private mutating func number() -> Bool {
    let start = index
    _ = take("-")
    let isComplete = (take("0") || digits()) && (!take(".") || digits())
    guard isComplete, !take("eE") || exponent() else {
      index = start
      return false
    }
    return true
  }

  private mutating func exponent() -> Bool {
    _ = take("+-")
    return digits()
  }

  private mutating func digits() -> Bool {
    guard take("0123456789") else { return false }
    while take("0123456789") {}
    return true
  }
}
