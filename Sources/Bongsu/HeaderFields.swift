/// Header fields of an answer, in the order in which they are written.
public struct HeaderFields: Sendable {
  /// Names and values.
  public private(set) var fields: [(name: String, value: String)] = []

  /// No fields.
  public init() {}

  init(_ fields: [(String, String)]) { self.fields = fields.map { (name: $0.0, value: $0.1) } }

  /// The first value of a field; setting it replaces all fields of the name, and `nil` removes them. Names are compared
  /// without regard to case. A field whose value has a line break is left out of the answer.
  public subscript(name: String) -> String? {
    get { fields.first { Self.isSame($0.name, name) }?.value }
    set {
      let place = fields.firstIndex { Self.isSame($0.name, name) } ?? fields.endIndex
      fields.removeAll { Self.isSame($0.name, name) }
      if let newValue { fields.insert((name, newValue), at: min(place, fields.endIndex)) }
    }
  }

  /// Adds a field beside others of its name, as for Set-Cookie.
  public mutating func append(_ name: String, _ value: String) { fields.append((name, value)) }

  /// As answers take them.
  var pairs: [(String, String)] { fields.map { ($0.name, $0.value) } }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.count == other.utf8.count && one.lowercased() == other.lowercased()
  }
}
