internal import BongsuSocketIO

/// Whom a client's `relay` is for, and how it is sent.
struct RelayOptions {
  /// Rooms and ids that one message may name.
  private static let namesPerMessage = 128

  /// Nil: everyone in the namespace.
  private(set) var to: [String]?
  private(set) var except: [String] = []
  private(set) var includesSender = false
  private(set) var isVolatile = false

  /// What is misspelt is refused: without its `to`, a message to one room would go to everyone.
  init(_ object: ArgumentValue, in text: RawSpan) throws(RelayError) {
    guard object.kind == .object else { throw .noOptions }
    try object.readMembers(in: text) { key, value throws(RelayError) in
      switch key {
      case "to": to = value.kind == .null ? nil : try Self.rooms(value, text)
      case "except": except = value.kind == .null ? [] : try Self.rooms(value, text)
      case "self": includesSender = try value.flag()
      case "volatile": isVolatile = try value.flag()
      default: throw .unknownOption
      }
    }
  }

  /// A room, or an array of rooms.
  private static func rooms(_ value: ArgumentValue, _ text: RawSpan) throws(RelayError) -> [String] {
    var rooms: [String?] = []
    if value.kind == .array {
      value.forEachElement(in: text) { element in
        if rooms.count <= namesPerMessage { rooms.append(element.string(in: text)) }
      }
    } else {
      rooms = [value.string(in: text)]
    }
    guard rooms.count <= namesPerMessage else { throw .tooManyNames }
    let valid = rooms.compactMap { $0 }.filter(RelayRoom.isValid)
    guard valid.count == rooms.count else { throw .invalidRoom }
    return valid
  }
}

/// How a client's `join` is meant.
struct JoinOptions {
  /// Whether the client wants to hear who leaves.
  private(set) var presence = false

  /// A client that gives none may say `null`, or put nothing.
  init(_ object: ArgumentValue?, in text: RawSpan) throws(RelayError) {
    guard let object, object.kind != .null else { return }
    guard object.kind == .object else { throw .noJoinOptions }
    try object.readMembers(in: text) { key, value throws(RelayError) in
      guard key == "presence" else { throw .unknownJoinOption }
      presence = try value.flag()
    }
  }
}

extension ArgumentValue {
  fileprivate func readMembers(
    in text: RawSpan, _ read: (_ key: String, _ value: ArgumentValue) throws(RelayError) -> Void
  ) throws(RelayError) {
    var failure: RelayError?
    forEachMember(in: text) { key, value in
      do throws(RelayError) { try read(key, value) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
  }

  fileprivate func flag() throws(RelayError) -> Bool {
    if kind == .null { return false }
    guard let bool else { throw .noFlag }
    return bool
  }
}
