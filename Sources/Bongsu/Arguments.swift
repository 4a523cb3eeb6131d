internal import BongsuMessagePack
internal import BongsuSocketIO
public import NIOCore

/// All arguments of an event from a handler's position on, as they came: for passing them on without a look.
///
/// `socket.on("message") { (all: Arguments) in socket.emit("message-back", all) }`
public struct Arguments: Sendable {
  /// The arguments in their notation, one behind the other; in JSON with commas between them. An array, because nearly
  /// every event makes one of these, and a buffer takes three times as long.
  let bytes: [UInt8]
  let notation: Notation
  /// What placeholders in JSON stand for.
  let attached: [ByteBuffer]
  /// How many there are.
  public let count: Int

  init(_ written: ByteBuffer, _ notation: Notation, attachments: [ByteBuffer], count: Int) {
    self.init(written.readableBytesSpan, notation, attachments: attachments, count: count)
  }

  /// Those from `start` on of a packet's.
  init(_ list: ArgumentList, from start: Int = 0, _ attachments: [ByteBuffer], in packet: RawSpan) {
    let written = packet.extracting(list.text(from: start) ?? 0..<0)
    self.init(written, list.notation, attachments: attachments, count: max(0, list.count - start))
  }

  init(_ written: RawSpan, _ notation: Notation, attachments: [ByteBuffer], count: Int) {
    bytes = unsafe written.withUnsafeBytes { unsafe [UInt8]($0) }
    self.notation = notation
    attached = attachments
    self.count = count
  }

  /// What they take in their notation.
  var byteCount: Int { attached.reduce(bytes.count) { $0 + $1.readableBytes } }

  /// The arguments in their notation.
  var written: ByteBuffer { ByteBuffer(bytes: bytes) }

  /// The arguments' JSON texts, separated by commas.
  public var elements: ByteBuffer { json.elements }

  /// What the placeholders in `elements` stand for.
  public var attachments: [ByteBuffer] { json.attachments }

  /// As JSON, into which MessagePack is translated.
  var json: (elements: ByteBuffer, attachments: [ByteBuffer]) {
    guard notation == .messagePack else { return (written, attached) }
    var reader = MessagePackReader()
    var transcoder = JSONTranscoder(.attachments)
    // They were valid when they came in.
    try? transcoder.append(count, from: &reader, in: written.readableBytesSpan)
    return (transcoder.json, transcoder.attachments)
  }

  /// As MessagePack, into which JSON is translated. Nil when there is JSON that is none.
  var packed: ByteBuffer? {
    guard notation == .json else { return written }
    guard count > 0 else { return ByteBuffer() }
    let values = MessagePackValue.elements(json: written.readableBytesSpan, attachments: attached)
    guard let values, values.count == count else { return nil }
    var packed = ByteBuffer()
    do throws(MessagePackError) { for value in values { try value.write(into: &packed) } } catch { return nil }
    return packed
  }

  /// The first of them. Throws `DecodingError` when it is not a `Value` or there is none.
  public func first<Value: Decodable>(_ type: Value.Type) throws -> Value {
    guard count > 0 else {
      throw DecodingError.valueNotFound(type, .init(codingPath: [], debugDescription: "there is no argument"))
    }
    return try decodeFirst(type)
  }
}

/// So that handlers may declare it and `emit` take it like any argument. Elsewhere it cannot be encoded or decoded.
extension Arguments: Codable {
  public init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "Arguments is an argument of its own, not part of one"))
  }

  public func encode(to encoder: any Encoder) throws {
    throw EncodingError.invalidValue(
      self,
      .init(codingPath: encoder.codingPath, debugDescription: "Arguments is sent alone, not as part of a value"))
  }
}
