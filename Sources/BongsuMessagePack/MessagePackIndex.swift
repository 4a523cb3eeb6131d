/// A place in a coding path that no type's own keys name.
struct MessagePackIndex: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ index: Int) {
    intValue = index
    stringValue = "Index \(index)"
  }

  init(name: String) {
    stringValue = name
    intValue = nil
  }

  init?(intValue: Int) { self.init(intValue) }

  init?(stringValue: String) { self.init(name: stringValue) }

  /// Where a class keeps what it inherits.
  static let parent = MessagePackIndex(name: "super")
}
