/// Sessions of one loop whose ids the server's user makes up (``EngineOptions/generateId``). Others are not in here.
struct SessionNames {
  private var identifiers: [String: Identifier] = [:]
  private var names: [Identifier: String] = [:]

  static var maximumBytes: Int { 256 }

  /// The loop of the session with this id, which has nothing of it in itself: any thread can tell it.
  static func loop(of name: String, loops: Int) -> Int { Int(UInt(bitPattern: name.hashValue) % UInt(loops)) }

  func identifier(of name: String) -> Identifier? { identifiers[name] }

  func name(of identifier: Identifier) -> String? { names.isEmpty ? nil : names[identifier] }

  mutating func add(_ name: String, for identifier: Identifier) {
    identifiers[name] = identifier
    names[identifier] = name
  }

  mutating func remove(_ identifier: Identifier) {
    guard !names.isEmpty, let name = names.removeValue(forKey: identifier) else { return }
    identifiers[name] = nil
  }
}
