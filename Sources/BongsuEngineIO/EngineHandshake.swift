public import NIOCore

/// What the server tells a client about its new session (Engine.IO 4, Handshake).
public struct EngineHandshake: Sendable, Equatable {
  public var sid: String
  /// The transports the client may move to: empty if it is on a WebSocket already.
  public var upgrades: [String]
  /// Milliseconds between two heartbeats.
  public var pingInterval: Int
  /// Milliseconds the client has for its answer to a heartbeat.
  public var pingTimeout: Int
  /// Bytes that a body or a message from the client may have; clients split their bodies by it. Not in version 3.
  public var maxPayload: Int?

  public init(sid: String, upgrades: [String], pingInterval: Int, pingTimeout: Int, maxPayload: Int?) {
    self.sid = sid
    self.upgrades = upgrades
    self.pingInterval = pingInterval
    self.pingTimeout = pingTimeout
    self.maxPayload = maxPayload
  }

  /// The open packet, from its `0` on.
  public func packet() -> ByteBuffer {
    var packet = ByteBufferAllocator().buffer(capacity: 160)
    packet.writeString(#"0{"sid":"#)
    packet.writeJSONString(sid)
    packet.writeString(#","upgrades":["#)
    for (index, upgrade) in upgrades.enumerated() {
      if index > 0 { packet.writeString(",") }
      packet.writeJSONString(upgrade)
    }
    packet.writeString(#"],"pingInterval":\#(pingInterval),"pingTimeout":\#(pingTimeout)"#)
    if let maxPayload { packet.writeString(#","maxPayload":\#(maxPayload)"#) }
    packet.writeString("}")
    return packet
  }
}
