internal import BongsuSocketIO
internal import NIOCore

/// Turns values into the elements of an event's or acknowledgement's array, in the notation of a parser.
struct ArgumentEncoder {
  private let parser: Parser
  private let notation: Notation
  // One of the two is written. In an enum, their bytes would be copied at each argument.
  private var json: JSONArguments
  private var packed: PackedArguments?

  /// For an event. JSON is written in `draft`.
  @inline(__always)
  init(event: String, parser: Parser, draft: PacketDraft = PacketDraft()) {
    self.init(parser: parser, draft: draft)
    switch notation {
    case .json: json.append(event)
    case .messagePack: packed?.append(event)
    }
  }

  /// For an acknowledgement.
  @inline(__always)
  init(parser: Parser, draft: PacketDraft = PacketDraft()) {
    self.parser = parser
    notation = parser.notation
    json = JSONArguments(draft)
    if notation == .messagePack { packed = PackedArguments() }
  }

  /// Appends an argument. Throws what the value's own encoding throws.
  mutating func append<Value: Encodable>(_ value: Value) throws {
    switch notation {
    case .json: try json.append(value)
    case .messagePack: try packed?.append(value)
    }
  }

  /// Throws what a parser of the server's owner throws.
  func event(namespace: String, ackID: UInt64?) throws -> EncodedEvent {
    try encoded(.event, namespace, ackID.map { AckID($0) })
  }

  /// Throws what a parser of the server's owner throws.
  func ack(_ id: AckID, namespace: String) throws -> EncodedEvent { try encoded(.ack, namespace, id) }

  /// Hands on the packet as a frame of text, if that is all it takes; else does nothing and returns false.
  func withFrame(_ type: PacketType, namespace: String, ackID: AckID?, _ body: (RawSpan) -> Void) -> Bool {
    guard notation == .json, json.attachments.isEmpty else { return false }
    return json.draft.withFrame(PacketPrefix(type, namespace: namespace, ackID: ackID), body)
  }

  /// What JSON is written in.
  var draft: PacketDraft { json.draft }

  /// The values appended so far.
  var arguments: Arguments {
    switch notation {
    case .json: Arguments(json.elements, attachments: json.attachments)
    case .messagePack: Arguments(packedElements, .messagePack, attachments: [], count: packed?.count ?? 0)
    }
  }

  private func encoded(_ type: PacketType, _ namespace: String, _ id: AckID?) throws -> EncodedEvent {
    let elements = notation == .json ? json.elements : packedElements
    return try EncodedEvent(
      type, elements: elements.readableBytesSpan, count: packed?.count ?? 0, attachments: json.attachments,
      namespace: namespace, ackID: id, parser: parser)
  }

  private var packedElements: ByteBuffer { packed?.elements ?? ByteBuffer() }
}
