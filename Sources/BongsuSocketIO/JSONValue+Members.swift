extension JSONValue {
  /// Calls `body` with every member of an object, in their order, duplicates included (the last one counts for
  /// JavaScript). Nothing happens for other kinds.
  public func forEachMember(in text: RawSpan, _ body: (_ key: String, _ value: JSONValue) -> Void) {
    guard kind == .object else { return }
    walk(text) { key, value in
      if let key { body(key, value) }
    }
  }

  /// Calls `body` with every element of an array, in their order. Nothing happens for other kinds.
  public func forEachElement(in text: RawSpan, _ body: (_ element: JSONValue) -> Void) {
    guard kind == .array else { return }
    walk(text) { _, value in body(value) }
  }

  /// The last member with this name of an object.
  public func member(_ name: String, in text: RawSpan) -> JSONValue? {
    var member: JSONValue?
    forEachMember(in: text) { key, value in
      if key == name { member = value }
    }
    return member
  }

  /// Ends early if the text is not valid after all.
  private func walk(_ text: RawSpan, _ body: (String?, JSONValue) -> Void) {
    var scanner = JSONScanner(at: range.lowerBound)
    do throws(SocketIOParseError) {
      var hasValue = try scanner.open(object: kind == .object, in: text)
      while hasValue {
        let key = kind == .object ? scanner.key.map { JSONText.string(in: text, $0) } : nil
        let start = scanner.position
        try scanner.skipValue(in: text)
        guard let value = JSONValue(in: text, at: start..<scanner.position) else { return }
        body(key, value)
        hasValue = try scanner.nextValue(in: text)
      }
    } catch {
      return
    }
  }
}
