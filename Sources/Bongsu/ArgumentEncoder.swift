internal import BongsuSocketIO
internal import NIOCore

/// Turns values into the elements of an event's or acknowledgement's array, in the notation of a parser.
struct ArgumentEncoder {
  private let parser: Parser
  private let notation: Notation
  // One of the two stays empty. In an enum, their bytes would be copied at each argument.
  private var json = JSONArguments()
  private var packed = PackedArguments()

  /// For an event.
  init(event: String, parser: Parser) {
    self.init(parser: parser)
    switch notation {
    case .json: json.append(event)
    case .messagePack: packed.append(event)
    }
  }

  /// For an acknowledgement.
  init(parser: Parser) {
    self.parser = parser
    notation = parser.notation
  }

  /// Appends an argument. Throws what the value's own encoding throws.
  mutating func append<Value: Encodable>(_ value: Value) throws {
    switch notation {
    case .json: try json.append(value)
    case .messagePack: try packed.append(value)
    }
  }

  /// Throws what a parser of the server's owner throws.
  func event(namespace: String, ackID: UInt64?) throws -> EncodedEvent {
    try encoded(.event, namespace, ackID.map { AckID($0) })
  }

  /// Throws what a parser of the server's owner throws.
  func ack(_ id: AckID, namespace: String) throws -> EncodedEvent { try encoded(.ack, namespace, id) }

  /// The values appended so far.
  var arguments: Arguments {
    switch notation {
    case .json: Arguments(json.elements, attachments: json.attachments)
    case .messagePack: Arguments(packed.elements, .messagePack, attachments: [], count: packed.count)
    }
  }

  private func encoded(_ type: PacketType, _ namespace: String, _ id: AckID?) throws -> EncodedEvent {
    let elements = notation == .json ? json.elements : packed.elements
    return try EncodedEvent(
      type, elements: elements.readableBytesSpan, count: packed.count, attachments: json.attachments,
      namespace: namespace, ackID: id, parser: parser)
  }
}
