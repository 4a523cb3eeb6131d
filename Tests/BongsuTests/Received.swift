import BongsuSocketIO
import NIOCore

@testable import Bongsu

/// An event as it would come from a client.
struct Received {
  private let text: ByteBuffer
  private let attachments: [ByteBuffer]
  private let arguments: ArgumentList

  /// - Parameter packet: from the packet's type digit on, or its JSON array alone.
  init(_ packet: some StringProtocol, attachments: [ByteBuffer] = []) throws {
    var json = String(packet)
    if let bracket = json.firstIndex(of: "[") { json = String(json[bracket...]) }
    let text = ByteBuffer(string: attachments.isEmpty ? "2\(json)" : "5\(attachments.count)-\(json)")
    let head = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 10)
    guard case .event(let payload) = try PacketBody(parsing: text.readableBytesSpan, head: head) else {
      throw SocketIOParseError.invalidPayload
    }
    arguments = payload.arguments
    self.text = text
    self.attachments = attachments
  }

  /// The arguments as a handler with these parameters gets them.
  func decode<each Value: Decodable>(
    _ types: repeat (each Value).Type, ack: Ack = Ack()
  ) throws -> (repeat each Value) {
    var decoder = ArgumentDecoder(arguments, attachments: attachments, ack: ack)
    return (repeat try decoder.next(each types, in: text.readableBytesSpan))
  }
}
