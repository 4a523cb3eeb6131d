internal import BongsuBytes
internal import BongsuSocketIO
internal import FoundationEssentials
internal import NIOCore

/// Values as the elements of a JSON array, and bytes anywhere in them as binary attachments.
struct JSONArguments: ~Copyable {
  private var draft = PacketDraft()
  private(set) var attachments: [ByteBuffer] = []

  /// Forgets everything.
  mutating func clear() {
    draft.clear()
    if !attachments.isEmpty { attachments = [] }
  }

  var elements: ByteBuffer { draft.elements }

  /// As ``PacketDraft/withFrame(_:_:)``, for what has no attachments.
  @inline(__always)
  mutating func withFrame(_ prefix: PacketPrefix, _ body: (RawSpan) -> Bool) -> Bool { draft.withFrame(prefix, body) }

  // Where the compiler knows the type, what it may be seen as is decided already; a cast takes as long as all the rest.

  /// Appends a value. Throws what its own encoding throws.
  @specialized(where Value == Arguments)
  @specialized(where Value == String)
  @specialized(where Value == Int)
  @specialized(where Value == Bool)
  @specialized(where Value == Double)
  mutating func append<Value: Encodable>(_ value: Value) throws {
    switch value {
    case let all as Arguments: try append(all)
    case let string as String: append(string)
    case let flag as Bool: write(flag ? "true" : "false")
    case let number as Int: append(number)
    case let number as Double where number.isFinite: append(number)
    case let data as Data: attach(ByteBuffer(bytes: data))
    case let bytes as ByteBuffer: attach(bytes)
    case let json as JSONBytes: write(json.bytes.readableBytesSpan)
    default: write(ByteBuffer(bytes: try encode(value)).readableBytesSpan)
    }
  }

  mutating func append(_ string: String) {
    // A UInt8 has no padding that its bytes could show.
    let utf8 = unsafe string.utf8.span.bytes
    // Six times as many at most; what is long is counted.
    let limit = utf8.byteCount < 64 ? utf8.byteCount * 6 + 2 : JSONText.encodedCount(utf8: utf8)
    separate()
    draft.append(limit: limit) { JSONText.append(utf8: utf8, to: &$0) }
  }

  private mutating func append(_ number: Int) {
    separate()
    draft.append(limit: 20) {
      if number < 0 { $0.append(UInt8(ascii: "-")) }
      $0.append(decimal: UInt64(number.magnitude))
    }
  }

  /// As `JSONEncoder` has it: the shortest digits that read back as the number, a whole one without a fraction.
  private mutating func append(_ number: Double) {
    let text = number.description
    write(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
  }

  private mutating func append(_ all: Arguments) throws {
    guard all.count > 0 else { return }
    // Placeholders count from the first attachment; behind other ones they would have to be written anew.
    guard attachments.isEmpty else {
      throw EncodingError.invalidValue(
        all, .init(codingPath: [], debugDescription: "Arguments cannot follow an argument with binary data"))
    }
    if all.notation == .json {
      // A UInt8 has no padding that its bytes could show.
      unsafe write(all.bytes.span.bytes)
      if !all.attached.isEmpty { attachments = all.attached }
    } else {
      let json = all.json
      write(json.elements.readableBytesSpan)
      attachments = json.attachments
    }
  }

  private mutating func attach(_ bytes: ByteBuffer) {
    write(#"{"_placeholder":true,"num":\#(attachments.count)}"#)
    attachments.append(bytes)
  }

  private mutating func write(_ json: String) {
    separate()
    draft.append(limit: json.utf8.count) { for byte in json.utf8 { $0.append(byte) } }
  }

  private mutating func write(_ json: RawSpan) {
    separate()
    draft.append(limit: json.byteCount) { $0.append(contentsOf: json) }
  }

  @inline(__always)
  private mutating func separate() {
    if draft.count > 0 { draft.append(limit: 1) { $0.append(UInt8(ascii: ",")) } }
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
