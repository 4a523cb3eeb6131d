internal import BongsuSocketIO

extension EncodedEvent {
  /// Encodes an event of the server's. Throws ``EventError``, what encoding an argument throws, and
  /// what a parser of the server's owner throws.
  static func encoding<each Argument: Encodable>(
    _ event: String, _ arguments: repeat each Argument, namespace: Namespace, ackID: UInt64? = nil
  ) throws -> EncodedEvent {
    guard !EventName.isReserved(event) else { throw EventError.reservedName(event) }
    let encoder = ArgumentEncoder(event: event, parser: namespace.parser)
    repeat try encoder.append(each arguments)
    return try encoder.event(namespace: namespace.name, ackID: ackID)
  }

  /// - Parameter elements: the event's name and its arguments, in any notation.
  /// - Throws: when they cannot be said in the parser's notation, and what a parser of the server's owner throws.
  init(_ elements: Arguments, namespace: String, ackID: UInt64?, parser: Parser) throws {
    let encoder = ArgumentEncoder(parser: parser)
    try encoder.append(elements)
    self = try encoder.event(namespace: namespace, ackID: ackID)
  }
}
