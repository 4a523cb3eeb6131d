internal import BongsuMessagePack
internal import BongsuSocketIO
internal import NIOCore

/// Values as MessagePack, one behind the other.
struct PackedArguments {
  private(set) var elements = ByteBuffer()
  private(set) var count = 0

  /// Appends a value. Throws what its own encoding throws.
  mutating func append<Value: Encodable>(_ value: Value) throws {
    if let all = value as? Arguments { return try append(all) }
    count += 1
    switch value {
    case let string as String: MessagePackWriter.string(string, into: &elements)
    case let json as JSONBytes: try append(json)
    default: try write(MessagePackEncoder.encode(value), of: value)
    }
  }

  mutating func append(_ name: String) {
    count += 1
    MessagePackWriter.string(name, into: &elements)
  }

  private mutating func append(_ all: Arguments) throws {
    guard let packed = all.packed else { throw Self.unusable(all, "these arguments are not JSON") }
    elements.writeImmutableBuffer(packed)
    count += all.count
  }

  private mutating func append(_ json: JSONBytes) throws {
    guard let value = MessagePackValue(json: json.bytes.readableBytesSpan) else {
      throw Self.unusable(json, "these bytes are not JSON")
    }
    try write(value, of: json)
  }

  private mutating func write(_ value: MessagePackValue, of origin: some Encodable) throws {
    do throws(MessagePackError) {
      // The array of arguments is around it.
      try value.write(into: &elements, depth: MessagePackReader.maximumDepth - 1)
    } catch { throw Self.unusable(origin, "it is nested too deeply") }
  }

  private static func unusable(_ value: some Encodable, _ reason: String) -> EncodingError {
    .invalidValue(value, .init(codingPath: [], debugDescription: reason))
  }
}
