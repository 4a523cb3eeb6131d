internal import BongsuMessagePack
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

  /// Passes over so many arguments.
  mutating func skip(_ count: Int) { index += count }

  /// Throws `DecodingError` when the argument is not what the handler declared.
  @specialized(where Value == Arguments)
  @specialized(where Value == Ack)
  @specialized(where Value == String)
  @specialized(where Value == Int)
  @specialized(where Value == Bool)
  @specialized(where Value == Double)
  mutating func next<Value: Decodable>(_ type: Value.Type, in packet: RawSpan) throws -> Value {
    try take(type, in: packet)
  }

  // Apart from `next`, which would prepare for every type before it looks which one it is.
  private mutating func take<Value: Decodable>(_ type: Value.Type, in packet: RawSpan) throws -> Value {
    if type == Ack.self, let ack = ack as? Value { return ack }
    if type == Arguments.self, let all = rest(in: packet) as? Value { return all }
    defer { index += 1 }
    guard let range = arguments.argument(index) else { return try decode(type, Data("null".utf8)) }
    let argument = packet.extracting(range)
    if type == JSONBytes.self, let bytes = arguments.notation.json(argument).map(JSONBytes.init) as? Value {
      return bytes
    }
    switch arguments.notation {
    case .json: return try read(type, json: argument)
    case .messagePack: return try read(type, packed: argument)
    }
  }

  private mutating func rest(in packet: RawSpan) -> Arguments {
    defer { index = arguments.count }
    return Arguments(arguments, from: index, attachments, in: packet)
  }

  // MARK: MessagePack

  private func read<Value: Decodable>(_ type: Value.Type, packed: RawSpan) throws -> Value {
    guard let value = MessagePackValue(packed) else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "this is not MessagePack"))
    }
    return try MessagePackDecoder.decode(type, from: value)
  }

  // MARK: JSON

  private func read<Value: Decodable>(_ type: Value.Type, json: RawSpan) throws -> Value {
    if type == String.self, let string = Self.string(json) as? Value { return string }
    if type == Int.self, let number = JSONText.integer(json) as? Value { return number }
    if type == Bool.self, let flag = JSONValue(in: json, at: 0..<json.byteCount)?.bool as? Value { return flag }
    if type == Double.self, let number = Self.double(json) as? Value { return number }
    if type == ByteBuffer.self, let bytes = attachment(json) as? Value { return bytes }
    return try decode(type, unsafe json.withUnsafeBytes { unsafe Data($0) })
  }

  private static func string(_ json: RawSpan) -> String? {
    guard json.byteCount >= 2, unsafe json.unsafeLoad(as: UInt8.self) == UInt8(ascii: "\"") else { return nil }
    return JSONText.string(in: json, 1..<json.byteCount - 1)
  }

  /// A number that fits; what does not is for the decoder to refuse.
  private static func double(_ json: RawSpan) -> Double? {
    guard let number = JSONValue(in: json, at: 0..<json.byteCount)?.number(in: json) else { return nil }
    return number.isFinite ? number : nil
  }

  private func attachment(_ json: RawSpan) -> ByteBuffer? {
    let number = JSONValue(in: json, at: 0..<json.byteCount)?.placeholder(in: json)
    return number.flatMap { attachments.indices.contains($0) ? attachments[$0] : nil }
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ json: Data) throws -> Value {
    let decoder = JSONDecoder()
    let attachments = self.attachments
    decoder.dataDecodingStrategy = .custom { decoder in
      let placeholder = try JSONArguments.Placeholder(from: decoder)
      guard placeholder._placeholder, attachments.indices.contains(placeholder.num) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "there is no such attachment"))
      }
      return Data(attachments[placeholder.num].readableBytesView)
    }
    return try decoder.decode(type, from: json)
  }
}
