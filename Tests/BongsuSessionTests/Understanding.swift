import BongsuSession
import BongsuSocketIO
import NIOCore

/// A connection's Socket.IO session whose sockets are numbers. What it makes of a message is put in words.
final class Understanding {
  var session: SocketIOSession<Int>

  init(limits: SocketIOLimits = SocketIOLimits(), notation: Notation = .json, joined namespaces: [String] = []) {
    session = SocketIOSession(limits: limits, notation: notation)
    for (index, namespace) in namespaces.enumerated() {
      _ = hear(namespace == "/" ? "0" : "0\(namespace),")
      _ = session.joined(namespace, index + 1)
    }
  }

  /// A text message, without the Engine.IO type digit.
  func hear(_ text: String) -> String {
    let bytes = ByteBuffer(string: text)
    do throws(SocketIOParseError) {
      return Self.words(try session.received(text: bytes.readableBytesSpan), bytes)
    } catch {
      return "error: \(error.text)"
    }
  }

  /// A binary message.
  func hear(_ bytes: [UInt8]) -> String {
    do throws(SocketIOParseError) {
      return Self.words(try session.received(attachment: ByteBuffer(bytes: bytes)), ByteBuffer())
    } catch {
      return "error: \(error.text)"
    }
  }

  /// A binary message that is a packet in MessagePack.
  func hear(packed bytes: [UInt8]) -> String {
    let bytes = ByteBuffer(bytes: bytes)
    do throws(SocketIOParseError) {
      return Self.words(try session.received(packed: bytes.readableBytesSpan), bytes)
    } catch {
      return "error: \(error.text)"
    }
  }

  private static func words(_ packet: IncomingPacket<Int>, _ text: ByteBuffer) -> String {
    switch packet {
    case .connect(let namespace, let auth):
      "connect \(namespace)" + (auth.map { " \(text.readableBytesSpan.string($0))" } ?? "")
    case .connectByQuery(let namespace, _): "connect \(namespace)"
    case .event(let socket, let payload, let id): "event \(socket)\(words(payload, text))\(words(id))"
    case .ack(let socket, let arguments, let id): "ack \(socket)\(words(arguments, text))\(words(id))"
    case .binaryEvent(let socket, let payload, let id, let packet):
      "event \(socket)\(words(payload, packet.text))\(words(id))\(words(packet.attachments))"
    case .binaryAck(let socket, let arguments, let id, let packet):
      "ack \(socket)\(words(arguments, packet.text))\(words(id))\(words(packet.attachments))"
    case .disconnect(let socket): "disconnect \(socket)"
    case .nothing: "nothing"
    case .violation: "violation"
    }
  }

  private static func words(_ payload: EventPayload, _ text: ByteBuffer) -> String {
    " \(payload.name.text(in: text.readableBytesSpan) ?? "(no name)")" + words(payload.arguments, text)
  }

  private static func words(_ arguments: ArgumentList, _ text: ByteBuffer) -> String {
    arguments.text(from: 0).map { " " + text.readableBytesSpan.string($0) } ?? ""
  }

  private static func words(_ id: AckID?) -> String { id.map { " id \($0)" } ?? "" }

  private static func words(_ attachments: [ByteBuffer]) -> String {
    attachments.map { " \(Array($0.readableBytesView))" }.joined()
  }
}
