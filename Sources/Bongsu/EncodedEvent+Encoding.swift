internal import BongsuSocketIO

extension EncodedEvent {
  /// Encodes an event of the server's. Throws ``EventError`` and what encoding an argument throws.
  static func encoding<each Argument: Encodable>(
    _ event: String, _ arguments: repeat each Argument, namespace: String, ackID: UInt64? = nil
  ) throws -> EncodedEvent {
    guard !EventName.isReserved(event) else { throw EventError.reservedName(event) }
    var encoder = ArgumentEncoder(event: event)
    repeat try encoder.append(each arguments)
    return encoder.event(namespace: namespace, ackID: ackID)
  }
}
