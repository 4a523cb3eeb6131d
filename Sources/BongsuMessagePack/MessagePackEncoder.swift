/// Turns an `Encodable` value into a MessagePack tree.
public enum MessagePackEncoder {
  /// Throws what the value's own encoding throws.
  public static func encode(_ value: some Encodable) throws -> MessagePackValue {
    try Slot(value, at: []).value
  }
}

/// A place in the tree that is being built: `Codable` fills containers in any order and may come back to them.
private final class Slot {
  private enum Content {
    case value(MessagePackValue)
    case array([Slot])
    case map([(key: String, slot: Slot)])
  }

  private var content = Content.map([])

  init() {}

  init(_ value: some Encodable, at path: [any CodingKey]) throws {
    if let value = value as? any MessagePackConvertible {
      content = .value(value.messagePack)
    } else {
      try value.encode(to: SlotEncoder(slot: self, codingPath: path))
    }
  }

  var value: MessagePackValue {
    switch content {
    case .value(let value): value
    case .array(let slots): .array(slots.map(\.value))
    case .map(let members): .map(members.map { MessagePackValue.Member($0.key, $0.slot.value) })
    }
  }

  func becomeArray() {
    if case .array = content { return }
    content = .array([])
  }

  func set(_ value: MessagePackValue) { content = .value(value) }

  func set(_ slot: Slot) { content = slot.content }

  func add(_ slot: Slot) {
    guard case .array(var slots) = content else { return }
    content = .array([])
    slots.append(slot)
    content = .array(slots)
  }

  func add(_ slot: Slot, key: any CodingKey) {
    guard case .map(var members) = content else { return }
    content = .map([])
    members.append((key.stringValue, slot))
    content = .map(members)
  }

  var count: Int { if case .array(let slots) = content { slots.count } else { 0 } }
}

private struct SlotEncoder: Encoder {
  let slot: Slot
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Members(slot: slot, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    slot.becomeArray()
    return Elements(slot: slot, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(slot: slot, codingPath: codingPath) }
}

private struct Single: SingleValueEncodingContainer {
  let slot: Slot
  let codingPath: [any CodingKey]

  func encodeNil() { slot.set(.null) }

  func encode<Value: Encodable>(_ value: Value) throws { slot.set(try Slot(value, at: codingPath)) }
}

private struct Elements: UnkeyedEncodingContainer {
  let slot: Slot
  let codingPath: [any CodingKey]
  var count: Int { slot.count }

  private var next: [any CodingKey] { codingPath + [MessagePackIndex(count)] }

  private func place() -> SlotEncoder {
    let encoder = SlotEncoder(slot: Slot(), codingPath: next)
    slot.add(encoder.slot)
    return encoder
  }

  func encodeNil() { place().slot.set(.null) }

  func encode<Value: Encodable>(_ value: Value) throws { slot.add(try Slot(value, at: next)) }

  func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    place().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { place().unkeyedContainer() }

  func superEncoder() -> any Encoder { place() }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let slot: Slot
  let codingPath: [any CodingKey]

  private func place(_ key: any CodingKey) -> SlotEncoder {
    let encoder = SlotEncoder(slot: Slot(), codingPath: codingPath + [key])
    slot.add(encoder.slot, key: key)
    return encoder
  }

  func encodeNil(forKey key: Key) { place(key).slot.set(.null) }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    slot.add(try Slot(value, at: codingPath + [key]), key: key)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    place(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { place(key).unkeyedContainer() }

  func superEncoder() -> any Encoder { place(MessagePackIndex.parent) }

  func superEncoder(forKey key: Key) -> any Encoder { place(key) }
}
