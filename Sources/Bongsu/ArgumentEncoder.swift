internal import BongsuSocketIO
internal import NIOCore

/// Turns values into the elements of an event's or acknowledgement's array, in the notation of a parser.
///
/// A loop keeps one, so that JSON for a single client allocates nothing.
final class ArgumentEncoder {
  private let parser: Parser
  private let notation: Notation
  // One of the two is written. Not checked for overlapping accesses: a value that sends something while it is encoded
  // finds that the loop's encoder is taken.
  @safe @exclusivity(unchecked) private var json = JSONArguments()
  @safe @exclusivity(unchecked) private var packed: PackedArguments?

  /// For an acknowledgement, or for ``append(name:)``.
  init(parser: Parser) {
    self.parser = parser
    notation = parser.notation
    if notation == .messagePack { packed = PackedArguments() }
  }

  /// For an event.
  convenience init(event: String, parser: Parser) {
    self.init(parser: parser)
    append(name: event)
  }

  /// Forgets everything.
  func clear() {
    json.clear()
    if notation == .messagePack { packed = PackedArguments() }
  }

  /// Appends an event's name.
  @inline(__always)
  func append(name: String) {
    switch notation {
    case .json: json.append(name)
    case .messagePack: packed?.append(name)
    }
  }

  /// Appends an argument. Throws what the value's own encoding throws.
  func append<Value: Encodable>(_ value: Value) throws {
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

  /// Hands on the packet as a frame of text, if that is all it takes; false when it is not, or `body` says so.
  @inline(__always)
  func withFrame(_ type: PacketType, namespace: String, ackID: AckID? = nil, _ body: (RawSpan) -> Bool) -> Bool {
    guard notation == .json, json.attachments.isEmpty else { return false }
    return json.withFrame(PacketPrefix(type, namespace: namespace, ackID: ackID), body)
  }

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
