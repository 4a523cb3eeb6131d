internal import BongsuSocketIO
internal import FoundationEssentials
internal import NIOCore

/// Values as the elements of a JSON array, and bytes anywhere in them as binary attachments.
struct JSONArguments {
  /// With room for what most events say.
  private(set) var elements = ByteBufferAllocator().buffer(capacity: 192)
  private(set) var attachments: [ByteBuffer] = []

  /// Appends a value. Throws what its own encoding throws.
  mutating func append<Value: Encodable>(_ value: Value) throws {
    // To compare types is cheap, to cast is not: the commonest are looked for before all that a value may be seen as.
    if Value.self == Arguments.self, let all = value as? Arguments { return try append(all) }
    separate()
    if Value.self == String.self, let string = value as? String { return JSONText.write(string, into: &elements) }
    switch value {
    case let all as Arguments: try append(all)
    case let string as String: JSONText.write(string, into: &elements)
    case let flag as Bool: elements.writeString(flag ? "true" : "false")
    case let number as Int: elements.writeString(String(number))
    case let data as Data: elements.writeString(attach(ByteBuffer(bytes: data)))
    case let bytes as ByteBuffer: elements.writeString(attach(bytes))
    case let json as JSONBytes: elements.writeImmutableBuffer(json.bytes)
    default: elements.writeBytes(try encode(value))
    }
  }

  mutating func append(_ name: String) {
    separate()
    JSONText.write(name, into: &elements)
  }

  private mutating func separate() {
    if elements.readableBytes > 0 { elements.writeStaticString(",") }
  }

  private mutating func append(_ all: Arguments) throws {
    guard all.count > 0 else { return }
    // Placeholders count from the first attachment; behind other ones they would have to be written anew.
    guard attachments.isEmpty else {
      throw EncodingError.invalidValue(
        all, .init(codingPath: [], debugDescription: "Arguments cannot follow an argument with binary data"))
    }
    separate()
    let json = all.json
    elements.writeImmutableBuffer(json.elements)
    attachments = json.attachments
  }

  private mutating func attach(_ bytes: ByteBuffer) -> String {
    attachments.append(bytes)
    return #"{"_placeholder":true,"num":\#(attachments.count - 1)}"#
  }

  private mutating func encode<Value: Encodable>(_ value: Value) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let found = Attachments(attachments.count)
    encoder.dataEncodingStrategy = .custom { data, encoder in
      try Placeholder(_placeholder: true, num: found.add(data)).encode(to: encoder)
    }
    let json = try encoder.encode(value)
    attachments += found.list
    return json
  }

  /// What stands in the JSON for an attachment (Socket.IO 5, binary packets).
  struct Placeholder: Codable {
    let _placeholder: Bool
    let num: Int
  }

  /// Attachments found while one value is encoded, on one thread.
  private final class Attachments: @unchecked Sendable {
    private let offset: Int
    private(set) var list: [ByteBuffer] = []

    init(_ offset: Int) { self.offset = offset }

    func add(_ data: Data) -> Int {
      list.append(ByteBuffer(bytes: data))
      return offset + list.count - 1
    }
  }
}
