import BongsuSocketIO

/// What a text is as JSON, found out without the code under test.
struct JSONShape {
  let isJSON: Bool
  private(set) var depth = 0
  /// Commas outside of the strings and of all containers but the outermost.
  private var commas = 0
  private var first: UInt8 = 0
  private var isEmpty = true
  /// Half surrogate pairs, and numbers out of the range of a double: valid JSON that Foundation refuses.
  private(set) var isBeyondFoundation = false

  init(_ bytes: ArraySlice<UInt8>) {
    isJSON = ObviousJSON.accepts(Array(bytes))
    var (level, isInside, isEscaped, digits) = (0, false, false, 0)
    for byte in bytes where isInside || !" \t\r\n".utf8.contains(byte) {
      if first == 0 { first = byte } else if byte != UInt8(ascii: "]") { isEmpty = false }
      digits = (0x30...0x39).contains(byte) ? digits + 1 : byte == UInt8(ascii: ".") ? digits : 0
      if isInside, isEscaped {
        isEscaped = false
        if byte == UInt8(ascii: "u") { isBeyondFoundation = true }
      } else if isInside {
        isEscaped = byte == UInt8(ascii: "\\")
        isInside = byte != UInt8(ascii: "\"")
      } else {
        if digits >= 17 || byte | 0x20 == UInt8(ascii: "e") && digits == 0 { isBeyondFoundation = true }
        isInside = byte == UInt8(ascii: "\"")
        if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { level += 1 }
        if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { level -= 1 }
        if byte == UInt8(ascii: ","), level == 1 { commas += 1 }
        depth = max(depth, level)
      }
    }
  }

  /// An array with no more arguments, and no deeper, than allowed.
  func isArguments(within limits: JSONLimits) -> Bool {
    isJSON && first == UInt8(ascii: "[") && depth <= limits.depth && (isEmpty ? 0 : commas + 1) <= limits.arguments
  }
}
