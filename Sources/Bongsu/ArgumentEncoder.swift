internal import BongsuSocketIO
internal import FoundationEssentials
internal import NIOCore

/// Turns values into the elements of an event's or acknowledgement's JSON array, and `Data` anywhere in them into
/// binary attachments.
struct ArgumentEncoder {
  private var elements = ByteBuffer()
  private var attachments: [ByteBuffer] = []

  /// For an event.
  init(event: String) { JSONText.write(event, into: &elements) }

  /// For an acknowledgement.
  init() {}

  /// Appends an argument. Throws what the value's own encoding throws.
  mutating func append<Value: Encodable>(_ value: Value) throws {
    if let all = value as? Arguments { return try append(all) }
    if elements.readableBytes > 0 { elements.writeStaticString(",") }
    switch value {
    case let string as String: JSONText.write(string, into: &elements)
    case let flag as Bool: elements.writeString(flag ? "true" : "false")
    case let number as Int: elements.writeString(String(number))
    case let data as Data: elements.writeString(attach(data))
    case let json as JSONBytes: elements.writeImmutableBuffer(json.bytes)
    default: elements.writeBytes(try encode(value))
    }
  }

  func event(namespace: String, ackID: UInt64?) -> EncodedEvent {
    EncodedEvent(
      elements: elements.readableBytesSpan, attachments: attachments, namespace: namespace, ackID: ackID)
  }

  func ack(_ id: AckID, namespace: String) -> EncodedEvent {
    let (elements, attachments) = (self.elements, self.attachments)
    return EncodedEvent(attachments: attachments, capacity: elements.readableBytes + namespace.utf8.count) { text in
      PacketEncoder.ack(
        id, elements: elements.readableBytesSpan, namespace: namespace, attachments: attachments.count, into: &text)
      return 0
    }
  }

  /// The values appended so far.
  var arguments: Arguments { Arguments(elements, attachments: attachments) }

  private mutating func append(_ all: Arguments) throws {
    guard all.elements.readableBytes > 0 else { return }
    // Placeholders count from the first attachment; behind other ones they would have to be written anew.
    guard attachments.isEmpty else {
      throw EncodingError.invalidValue(
        all, .init(codingPath: [], debugDescription: "Arguments cannot follow an argument with binary data"))
    }
    if elements.readableBytes > 0 { elements.writeStaticString(",") }
    elements.writeImmutableBuffer(all.elements)
    attachments = all.attachments
  }

  private mutating func attach(_ data: Data) -> String {
    attachments.append(ByteBuffer(bytes: data))
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
