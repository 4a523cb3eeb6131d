/// Something that happens to a client's session of Engine.IO, for `on(_:_:)` of ``EngineSocket``; names are the
/// reference's. `open` is none of them: a session is open before anybody can listen.
public struct EngineEvent<Payload>: Sendable {
  /// What a signal says to those who listen to this event; `nil` for another event's.
  let payload: @Sendable (EngineSignal) -> Payload?
}

/// What has happened.
enum EngineSignal {
  case packet(EngineSocket.Packet)
  case packetCreate(EngineSocket.Packet)
  case message(EngineMessage)
  case heartbeat
  case upgrading(Transport)
  case upgrade(Transport)
  case flush([EngineSocket.Packet])
  case drain
  case close(reason: String, description: String)
}

extension EngineEvent where Payload == EngineSocket.Packet {
  /// A packet came from the client, of whatever type.
  public static var packet: Self { Self { if case .packet(let packet) = $0 { packet } else { nil } } }

  /// A packet is to be sent: a message, a ping or a pong. What only lets go of a poll is not heard of.
  public static var packetCreate: Self { Self { if case .packetCreate(let packet) = $0 { packet } else { nil } } }
}

extension EngineEvent where Payload == EngineMessage {
  /// A message came, before Socket.IO looks at it.
  public static var message: Self { Self { if case .message(let message) = $0 { message } else { nil } } }

  /// The same as ``message``.
  public static var data: Self { message }
}

extension EngineEvent where Payload == Void {
  /// The client has answered a ping, or with Engine.IO 3 sent one.
  public static var heartbeat: Self { Self { if case .heartbeat = $0 { () } else { nil } } }

  /// What ``flush`` told of has been handed to the transport.
  public static var drain: Self { Self { if case .drain = $0 { () } else { nil } } }
}

extension EngineEvent where Payload == Transport {
  /// The client is trying this transport in place of its own.
  public static var upgrading: Self { Self { if case .upgrading(let transport) = $0 { transport } else { nil } } }

  /// The client has changed to this transport.
  public static var upgrade: Self { Self { if case .upgrade(let transport) = $0 { transport } else { nil } } }
}

extension EngineEvent where Payload == [EngineSocket.Packet] {
  /// These packets are being handed to the transport.
  public static var flush: Self { Self { if case .flush(let packets) = $0 { packets } else { nil } } }
}

extension EngineEvent where Payload == (reason: String, description: String) {
  /// The session is over: why, in the words of `disconnect`, and in a sentence. After the sockets have heard it.
  public static var close: Self {
    Self { if case .close(let reason, let description) = $0 { (reason, description) } else { nil } }
  }
}
