public import Bongsu
import NIOCore

/// An event that a ``TestClient`` was sent.
public struct TestEvent: Sendable, CustomStringConvertible {
  /// The event's name.
  public let name: String
  /// What follows the name.
  public let arguments: Arguments
  /// Whether the server waits for an acknowledgement.
  public var wantsAck: Bool { ackID != nil }

  let client: TestClient
  let ackID: UInt64?

  /// The arguments as values: `try event.values(Int.self, String.self)`. One that was not sent reads as `null`. Throws
  /// `DecodingError`.
  public func values<each Value: Decodable>(_ types: repeat (each Value).Type) throws -> (repeat each Value) {
    try arguments.values(repeat each types)
  }

  /// Acknowledges the event, if that was asked for. Throws what encoding a value throws.
  public func ack<each Value: Encodable>(_ values: repeat each Value) throws {
    guard let ackID else { return }
    client.send(
      try PeerPacket.ack(ackID, repeat each values, namespace: client.namespace, parser: client.parser))
  }

  /// The name and the arguments as JSON.
  public var description: String { "\(name)(\(String(buffer: arguments.elements)))" }
}
