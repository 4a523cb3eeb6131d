internal import BongsuSession
internal import BongsuSocketIO
package import NIOCore

/// A packet of Socket.IO as the other side sees it: what a client is told. For clients in tests.
package struct PeerPacket: Sendable {
  package enum Body: Sendable {
    /// The client is in the namespace, and this is what it is told about it, as JSON.
    case connected(ByteBuffer)
    /// It may not join, and this is why, as JSON.
    case refused(ByteBuffer)
    case disconnected
    case event(String, Arguments)
    case ack(Arguments)
  }

  /// Not what a server may send.
  package struct Malformed: Error {}

  package let namespace: String
  package let ackID: UInt64?
  package let body: Body

  /// How many binary messages follow this text. Throws when it is no packet.
  package static func attachmentCount(_ text: ByteBuffer) throws -> Int {
    try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: .max).attachmentCount
  }

  /// Reads a packet of the default parser. Throws when it is none.
  package init(text: ByteBuffer, attachments: [ByteBuffer]) throws {
    let span = text.readableBytesSpan
    let head = try PacketHead(parsing: span, maximumAttachments: attachments.count)
    try self.init(head, PacketBody(parsing: span, head: head), in: text, attachments, .json)
  }

  /// Reads a packet in MessagePack. Throws when it is none.
  package init(packed: ByteBuffer) throws {
    let packet = try PackedPacket(parsing: packed.readableBytesSpan)
    try self.init(packet.head, packet.body, in: packed, [], .messagePack)
  }

  private init(
    _ head: PacketHead, _ body: PacketBody, in bytes: ByteBuffer, _ attachments: [ByteBuffer], _ notation: Notation
  ) throws {
    let span = bytes.readableBytesSpan
    func value(_ range: Range<Int>?) -> ByteBuffer {
      range.flatMap { notation.json(span.extracting($0)) } ?? ByteBuffer(string: "null")
    }
    func arguments(_ list: ArgumentList) -> Arguments {
      let written = list.text(from: 0).map { ByteBuffer(span.extracting($0)) } ?? ByteBuffer()
      return Arguments(written, notation, attachments: attachments, count: list.count)
    }
    namespace = head.namespace.map { span.string($0) } ?? "/"
    ackID = head.ackID?.integer
    switch body {
    case .connect(let data): self.body = .connected(value(data))
    case .connectError(let data): self.body = .refused(value(data))
    case .disconnect: self.body = .disconnected
    case .ack(let list): self.body = .ack(arguments(list))
    case .event(let event):
      guard let name = event.name.text(in: span) else { throw Malformed() }
      self.body = .event(name, arguments(event.arguments))
    }
  }
}
