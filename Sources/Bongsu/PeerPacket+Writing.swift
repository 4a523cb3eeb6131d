internal import BongsuMessagePack
internal import BongsuSession
internal import BongsuSocketIO
package import NIOCore

// What a client says, as messages of Engine.IO. An event is written by clients as it is by servers.
extension PeerPacket {
  /// An event. Throws what encoding an argument throws.
  package static func event<each Value: Encodable>(
    _ name: String, _ values: repeat each Value, namespace: String, ackID: UInt64?, parser: Parser
  ) throws -> [EngineMessage] {
    let encoder = ArgumentEncoder(event: name, parser: parser)
    repeat try encoder.append(each values)
    return try encoder.event(namespace: namespace, ackID: ackID).messages
  }

  /// An acknowledgement. Throws what encoding an argument throws.
  package static func ack<each Value: Encodable>(
    _ id: UInt64, _ values: repeat each Value, namespace: String, parser: Parser
  ) throws -> [EngineMessage] {
    let encoder = ArgumentEncoder(parser: parser)
    repeat try encoder.append(each values)
    return try encoder.ack(AckID(id), namespace: namespace).messages
  }

  /// A request to join a namespace. Throws when `auth` is not JSON.
  package static func connect(_ namespace: String, auth: ByteBuffer?, parser: Parser) throws -> EngineMessage {
    guard parser.notation == .messagePack else {
      return .text(head("0", namespace) + (auth.map { String(buffer: $0) } ?? ""))
    }
    var members = [
      MessagePackValue.Member("type", .integer(0)), MessagePackValue.Member("nsp", .string(namespace)),
    ]
    if let auth {
      guard let value = MessagePackValue(json: auth.readableBytesSpan) else { throw Malformed() }
      members.append(.init("data", value))
    }
    var packet = ByteBuffer()
    try MessagePackValue.map(members).write(into: &packet)
    return .binary(Array(packet.readableBytesView))
  }

  /// A value as JSON. Throws what its own encoding throws.
  package static func json(_ value: some Encodable) throws -> ByteBuffer {
    var encoder = JSONArguments()
    try encoder.append(value)
    return encoder.elements
  }

  /// The news that the client leaves a namespace.
  package static func disconnect(_ namespace: String, parser: Parser) -> EngineMessage {
    guard parser.notation == .messagePack else { return .text(head("1", namespace)) }
    var packet = ByteBuffer()
    PackedPacketEncoder.disconnect(namespace: namespace, into: &packet)
    return .binary(Array(packet.readableBytesView))
  }

  private static func head(_ type: String, _ namespace: String) -> String {
    namespace == "/" ? type : "\(type)\(namespace),"
  }
}

extension EncodedEvent {
  /// Without what stands in front of a text in Engine.IO.
  fileprivate var messages: [EngineMessage] {
    packets.map { packet -> EngineMessage in
      switch packet {
      case .text(let text): .text(String(buffer: text.slice(1..<text.readableBytes)))
      case .binary(let bytes): .binary(Array(bytes.readableBytesView))
      }
    }
  }
}

extension Arguments {
  /// The first arguments, as many as there are types; one that was not sent reads as `null`. Throws `DecodingError`.
  package func values<each Value: Decodable>(_ types: repeat (each Value).Type) throws -> (repeat each Value) {
    try decode { decoder, text in (repeat try decoder.next(each types, in: text)) }
  }
}
