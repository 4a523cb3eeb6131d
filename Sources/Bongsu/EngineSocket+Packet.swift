internal import BongsuBytes
internal import BongsuEngineIO
internal import BongsuSession
internal import NIOCore

extension EngineSocket {
  /// A packet of Engine.IO, as listeners see it.
  public struct Packet: Sendable, Equatable {
    /// The reference's names.
    public enum Kind: String, Sendable {
      case open, close, ping, pong, message, upgrade, noop
    }

    /// What it is for.
    public let type: Kind
    /// A message, or what else a packet says; `nil` for nothing.
    public let data: EngineMessage?

    /// - Parameter bytes: what the packet's ranges are of. `nil` for what is no packet.
    init?(_ packet: EnginePacket, in bytes: RawSpan) {
      switch packet {
      case .packet(let type, let range):
        self.type = Kind(type)
        data = type == .message || !range.isEmpty ? .text(bytes.extracting(range).text) : nil
      case .binary(let range):
        type = .message
        data = .binary(Array(Base64.decode(bytes.extracting(range)).readableBytesView))
      case .bytes(let range):
        type = .message
        data = .binary(Array(ByteBuffer(bytes.extracting(range)).readableBytesView))
      case .invalid: return nil
      }
    }

    /// One on its way to the client.
    init(_ packet: OutgoingPacket) {
      switch packet {
      case .binary(let bytes):
        type = .message
        data = .binary(Array(bytes.readableBytesView))
      case .text(let bytes):
        let (head, rest) = (bytes.readableBytesView.first, bytes.readableBytesView.dropFirst())
        type = Kind(head.flatMap { EnginePacketType(rawValue: $0) } ?? .message)
        data = type == .message || !rest.isEmpty ? .text(String(decoding: rest, as: UTF8.self)) : nil
      }
    }
  }
}

extension EngineSocket.Packet.Kind {
  fileprivate init(_ type: EnginePacketType) {
    switch type {
    case .open: self = .open
    case .close: self = .close
    case .ping: self = .ping
    case .pong: self = .pong
    case .message: self = .message
    case .upgrade: self = .upgrade
    case .noop: self = .noop
    }
  }
}
