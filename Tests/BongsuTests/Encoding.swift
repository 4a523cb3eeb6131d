import BongsuSession
import NIOCore

@testable import Bongsu

/// What `values` become as arguments of an event.
func encode<each Value: Encodable>(_ values: repeat each Value) throws -> EncodedEvent {
  var encoder = ArgumentEncoder(event: "e")
  repeat try encoder.append(each values)
  return encoder.event(namespace: "/", ackID: nil)
}

extension EncodedEvent {
  /// The packet with its Engine.IO digit, as text.
  var string: String { String(buffer: text) }
  var attached: [[UInt8]] { attachments.map(\.bytes) }
}

extension ByteBuffer {
  var bytes: [UInt8] { Array(readableBytesView) }
}

extension EncodedEvent {
  /// An event whose JSON is given.
  init(_ elements: String, attachments: [[UInt8]] = [], namespace: String = "/", ackID: UInt64? = nil) {
    self.init(
      elements: ByteBuffer(string: elements).readableBytesSpan, attachments: attachments.map { ByteBuffer(bytes: $0) },
      namespace: namespace, ackID: ackID)
  }
}
