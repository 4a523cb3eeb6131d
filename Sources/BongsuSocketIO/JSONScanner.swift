/// Walks JSON text in one pass and decides whether it is what RFC 8259 allows: as strict as `JSON.parse`, without
/// recursion, and without keeping anything but where it is.
///
/// The text is UTF-8 already. The span is passed to every call and is always the same.
struct JSONScanner {
  /// The next byte to look at.
  var position: Int
  /// Open arrays and objects.
  private(set) var depth = 0
  private let depthLimit: Int
  /// A stack of bits, the innermost container's the lowest: whether it is an object.
  private var objects: UInt128 = 0
  var placeholders: PlaceholderWatch?
  /// The contents of the member name that was read last.
  private(set) var key: Range<Int>?

  /// - Parameter attachments: in a binary packet, how many attachments its placeholders may refer to.
  init(at position: Int, depthLimit: Int = JSONLimits.maximumDepth, attachments: Int? = nil) {
    self.position = position
    self.depthLimit = min(depthLimit, JSONLimits.maximumDepth)
    if let attachments { placeholders = PlaceholderWatch(attachmentCount: attachments) }
  }

  /// From the first byte of a value to behind its last.
  @inline(__always)
  mutating func skipValue(in text: RawSpan) throws(SocketIOParseError) {
    let outer = depth
    while true {
      if try enterValue(in: text) { continue }
      guard try leaveValue(in: text, downTo: outer) else { return }
    }
  }

  /// At the first byte of a value: skips it, or enters it and returns true at the first value inside.
  @inline(__always)
  private mutating func enterValue(in text: RawSpan) throws(SocketIOParseError) -> Bool {
    switch text.byteOrZero(at: position) {
    case UInt8(ascii: "\""): _ = try skipString(in: text)
    case UInt8(ascii: "{"): return try open(object: true, in: text)
    case UInt8(ascii: "["): return try open(object: false, in: text)
    case UInt8(ascii: "t"): try skipWord("true", in: text)
    case UInt8(ascii: "f"): try skipWord("false", in: text)
    case UInt8(ascii: "n"): try skipWord("null", in: text)
    default: try skipNumber(in: text)
    }
    return false
  }

  /// Behind a value: closes what ends here. True at the first byte of another value, false at the outer depth.
  @inline(__always)
  private mutating func leaveValue(in text: RawSpan, downTo outer: Int) throws(SocketIOParseError) -> Bool {
    while depth > outer {
      if try nextValue(in: text) { return true }
    }
    return false
  }

  /// At the bracket of an array or object: goes inside. True at the first value, false behind an empty one.
  mutating func open(object: Bool, in text: RawSpan) throws(SocketIOParseError) -> Bool {
    guard depth < depthLimit else { throw .invalidPayload }
    objects = objects &<< 1 | (object ? 1 : 0)
    placeholders?.open()
    depth += 1
    position += 1
    skipBlanks(in: text)
    if text.byteOrZero(at: position) == (object ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
      try close()
      return false
    }
    if object { try skipKey(in: text) }
    return true
  }

  /// Behind a value inside a container: over the comma to the next value (true), or out of the container (false).
  mutating func nextValue(in text: RawSpan) throws(SocketIOParseError) -> Bool {
    skipBlanks(in: text)
    let object = objects & 1 != 0
    switch text.byteOrZero(at: position) {
    case UInt8(ascii: ","):
      position += 1
      skipBlanks(in: text)
      if object { try skipKey(in: text) }
      return true
    case UInt8(ascii: "}") where object, UInt8(ascii: "]") where !object:
      try close()
      return false
    default:
      throw .invalidPayload
    }
  }

  private mutating func close() throws(SocketIOParseError) {
    objects = objects &>> 1
    depth -= 1
    position += 1
    if placeholders?.close() == false { throw .illegalPlaceholder }
  }

  /// A member's name, the colon, and blanks up to the member's value.
  private mutating func skipKey(in text: RawSpan) throws(SocketIOParseError) {
    guard text.byteOrZero(at: position) == UInt8(ascii: "\"") else { throw .invalidPayload }
    let key = try skipString(in: text)
    skipBlanks(in: text)
    guard text.byteOrZero(at: position) == UInt8(ascii: ":") else { throw .invalidPayload }
    position += 1
    skipBlanks(in: text)
    self.key = key.contents
    placeholders?.note(key, valueAt: position, in: text)
  }
}
