/// Turns a MessagePack tree into a `Decodable` value.
public enum MessagePackDecoder {
  /// Throws `DecodingError` when the tree is not a `Value`.
  public static func decode<Value: Decodable>(_ type: Value.Type, from value: MessagePackValue) throws -> Value {
    try ValueDecoder(value: value, codingPath: []).decode(type)
  }
}

private struct ValueDecoder: Decoder {
  let value: MessagePackValue
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  var isNull: Bool { value == .null }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    guard let convertible = type as? any MessagePackConvertible.Type else { return try Value(from: self) }
    guard let value = convertible.init(messagePack: value) as? Value else { throw mismatch(type) }
    return value
  }

  func mismatch(_ type: Any.Type) -> DecodingError {
    let context = DecodingError.Context(codingPath: codingPath, debugDescription: "this is not a \(type)")
    return isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .map(let members) = value else { throw mismatch([String: Any].self) }
    return KeyedDecodingContainer(Members(members, codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch([Any].self) }
    return Elements(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }
}

private struct Single: SingleValueDecodingContainer {
  let decoder: ValueDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.isNull }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
}

private struct Elements: UnkeyedDecodingContainer {
  let elements: [MessagePackValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(elements: [MessagePackValue], codingPath: [any CodingKey]) {
    self.elements = elements
    self.codingPath = codingPath
  }

  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  private func here(_ type: Any.Type) throws -> ValueDecoder {
    let path = codingPath + [MessagePackIndex(currentIndex)]
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(type, .init(codingPath: path, debugDescription: "there is no further element"))
    }
    return ValueDecoder(value: elements[currentIndex], codingPath: path)
  }

  mutating func decodeNil() throws -> Bool {
    guard try here(Any?.self).isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try here(type).decode(type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let container = try here([String: Any].self).container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try here([Any].self).unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try here((any Decoder).self)
    currentIndex += 1
    return decoder
  }
}

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let members: [String: MessagePackValue]
  let codingPath: [any CodingKey]

  init(_ members: [MessagePackValue.Member], _ codingPath: [any CodingKey]) {
    self.members = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    self.codingPath = codingPath
  }

  var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

  private func here(_ key: any CodingKey) throws -> ValueDecoder {
    guard let value = members[key.stringValue] else {
      let description = "there is no member \(key.stringValue)"
      throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: description))
    }
    return ValueDecoder(value: value, codingPath: codingPath + [key])
  }

  func decodeNil(forKey key: Key) throws -> Bool { try here(key).isNull }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try here(key).decode(type) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try here(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try here(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try superDecoder(MessagePackIndex.parent) }

  func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder(key as any CodingKey) }

  /// What is missing is `null` to a parent that may have nothing to read.
  private func superDecoder(_ key: any CodingKey) throws -> ValueDecoder {
    ValueDecoder(value: members[key.stringValue] ?? .null, codingPath: codingPath + [key])
  }
}
