internal import BongsuSession
internal import BongsuSocketIO
internal import FoundationEssentials
internal import NIOCore

/// Takes the arguments of an event or acknowledgement, one after the other. An argument that was not sent reads as
/// `null`.
struct ArgumentDecoder {
  private let arguments: ArgumentList
  private let attachments: [ByteBuffer]
  private let ack: Ack
  private var index = 0

  init(_ arguments: ArgumentList, attachments: [ByteBuffer], ack: Ack) {
    self.arguments = arguments
    self.attachments = attachments
    self.ack = ack
  }

  /// Throws `DecodingError` when the argument is not what the handler declared.
  mutating func next<Value: Decodable>(_ type: Value.Type, in text: RawSpan) throws -> Value {
    if type == Ack.self, let ack = ack as? Value { return ack }
    if type == Arguments.self, let all = rest(in: text) as? Value { return all }
    defer { index += 1 }
    guard let range = arguments.argument(index) else { return try decode(type, Data("null".utf8)) }
    let json = text.extracting(range)
    if type == String.self, let string = Self.string(json) as? Value { return string }
    if type == JSONBytes.self, let bytes = JSONBytes(ByteBuffer(json)) as? Value { return bytes }
    return try decode(type, unsafe json.withUnsafeBytes { unsafe Data($0) })
  }

  private mutating func rest(in text: RawSpan) -> Arguments {
    defer { index = arguments.count }
    let elements = arguments.text(from: index).map { ByteBuffer(text.extracting($0)) } ?? ByteBuffer()
    return Arguments(elements: elements, attachments: attachments, count: max(0, arguments.count - index))
  }

  private static func string(_ json: RawSpan) -> String? {
    guard json.byteCount >= 2, unsafe json.unsafeLoad(as: UInt8.self) == UInt8(ascii: "\"") else { return nil }
    return JSONText.string(in: json, 1..<json.byteCount - 1)
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ json: Data) throws -> Value {
    let decoder = JSONDecoder()
    let attachments = self.attachments
    decoder.dataDecodingStrategy = .custom { decoder in
      let placeholder = try ArgumentEncoder.Placeholder(from: decoder)
      guard placeholder._placeholder, attachments.indices.contains(placeholder.num) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "there is no such attachment"))
      }
      return Data(attachments[placeholder.num].readableBytesView)
    }
    return try decoder.decode(type, from: json)
  }
}
