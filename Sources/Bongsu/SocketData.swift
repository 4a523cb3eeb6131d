internal import FoundationEssentials

/// What the server keeps about a socket: values of any `Codable` type by name. Other servers see them as well, by
/// `fetchSockets()`.
///
/// `socket.data["user"] = User(name: "Bora")` and `let user: User? = socket.data["user"]`
public struct SocketData: Sendable {
  private enum Value: Sendable {
    case live(any Codable & Sendable)
    /// As it came from another server.
    case tree(JSONTree)
  }

  private var values: [String: Value] = [:]

  /// Nothing.
  public init() {}

  /// The names in use.
  public var names: Set<String> { Set(values.keys) }

  /// The value of a name; `nil` when there is none or it is of another type. Setting `nil` removes it.
  public subscript<Wanted: Codable & Sendable>(_ name: String) -> Wanted? {
    get {
      switch values[name] {
      case .live(let value): value as? Wanted
      case .tree(let tree): try? JSONDecoder().decode(Wanted.self, from: JSONEncoder().encode(tree))
      case nil: nil
      }
    }
    set { values[name] = newValue.map { .live($0) } }
  }
}

extension SocketData: Codable {
  public init(from decoder: any Decoder) throws {
    values = try [String: JSONTree](from: decoder).mapValues { .tree($0) }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for (name, value) in values {
      switch value {
      case .live(let value): try container.encode(value, forKey: Name(stringValue: name))
      case .tree(let tree): try container.encode(tree, forKey: Name(stringValue: name))
      }
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }
}
