import Bongsu
import NIOCore

/// The namespaces that one connection is in, and what of Socket.IO is on its way. On the clients' loop.
final class SocketMultiplexer {
  private unowned let engine: TestEngineClient
  private var clients: [String: TestClient] = [:]
  /// A packet some of whose attachments are still to come.
  private var begun: (text: ByteBuffer, attachments: [ByteBuffer], missing: Int)?

  init(_ engine: TestEngineClient) { self.engine = engine }

  private var isPacked: Bool {
    if case .msgpack = engine.server.io.configuration.parser { true } else { false }
  }

  func add(_ client: TestClient) { clients[client.namespace] = client }
  func remove(_ client: TestClient) { if clients[client.namespace] === client { clients[client.namespace] = nil } }

  /// Hands a packet to the client of its namespace; false when it is for nobody here.
  func take(_ packet: TestMessage) -> Bool {
    guard !clients.isEmpty else { return false }
    switch packet {
    case .text(let text):
      guard text.hasPrefix("4"), !isPacked else { return false }
      return take(ByteBuffer(string: String(text.dropFirst())))
    case .binary(let bytes):
      if isPacked { return handOn(try? PeerPacket(packed: ByteBuffer(bytes: bytes))) }
      guard var begun = begun.take() else { return false }
      begun.attachments.append(ByteBuffer(bytes: bytes))
      begun.missing -= 1
      guard begun.missing == 0 else {
        self.begun = begun
        return true
      }
      return handOn(try? PeerPacket(text: begun.text, attachments: begun.attachments))
    }
  }

  private func take(_ text: ByteBuffer) -> Bool {
    guard let missing = try? PeerPacket.attachmentCount(text) else { return false }
    guard missing == 0 else {
      begun = (text, [], missing)
      return true
    }
    return handOn(try? PeerPacket(text: text, attachments: []))
  }

  private func handOn(_ packet: PeerPacket?) -> Bool {
    guard let packet, let client = clients[packet.namespace] else { return false }
    client.received(packet)
    return true
  }

  func connectionEnded(_ ending: TestEnding) {
    let clients = self.clients.values
    self.clients = [:]
    for client in clients { client.end(.connection(ending)) }
  }
}
