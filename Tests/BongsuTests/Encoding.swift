import BongsuSession
import BongsuSocketIO
import NIOCore

@testable import Bongsu

/// What `values` become as arguments of an event.
func encode<each Value: Encodable>(_ values: repeat each Value, parser: Parser = .default) throws -> EncodedEvent {
  let encoder = ArgumentEncoder(event: "e", parser: parser)
  repeat try encoder.append(each values)
  return try encoder.event(namespace: "/", ackID: nil)
}

extension EncodedEvent {
  /// The packet with its Engine.IO digit, as text.
  var string: String { String(buffer: text) }
  var attached: [[UInt8]] { attachments.map(\.bytes) }

  var text: ByteBuffer {
    if case .text(let text)? = packets.first { text } else { ByteBuffer() }
  }

  var attachments: [ByteBuffer] { packets.compactMap { if case .binary(let bytes) = $0 { bytes } else { nil } } }
}

extension ByteBuffer {
  var bytes: [UInt8] { Array(readableBytesView) }
}

extension EncodedEvent {
  /// An event whose JSON is given.
  init(_ elements: String, attachments: [[UInt8]] = [], namespace: String = "/", ackID: UInt64? = nil) throws {
    try self.init(
      elements: ByteBuffer(string: elements).readableBytesSpan, count: 0,
      attachments: attachments.map { ByteBuffer(bytes: $0) }, namespace: namespace, ackID: ackID.map { AckID($0) },
      parser: .default)
  }

  /// An event whose MessagePack is given.
  init(packed elements: [UInt8], count: Int, namespace: String = "/", ackID: UInt64? = nil) throws {
    try self.init(
      elements: ByteBuffer(bytes: elements).readableBytesSpan, count: count, namespace: namespace,
      ackID: ackID.map { AckID($0) }, parser: .msgpack)
  }
}
