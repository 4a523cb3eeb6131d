internal import BongsuRooms
internal import NIOCore
import NIOConcurrencyHelpers

/// An event in a namespace's log, encoded once for all who are sent it, now or when they come back.
final class KeptPacket: Sendable {
  private enum Form: Sendable {
    /// As it was published.
    case message(Message)
    /// With its offset.
    case event(EncodedEvent)
  }

  /// What an event takes besides its bytes: this object, its buffer's and its place in the log.
  private static var overhead: Int { 448 }

  /// In the log, from 1.
  let position: UInt64
  let rooms: [RoomName]
  let except: [RoomName]
  let isCompressed: Bool
  /// What it costs to keep it.
  let byteCount: Int
  /// What clients are told of the position.
  let offset: String
  private let form: NIOLockedValueBox<Form>

  init(_ message: Message, to target: Target, at place: PacketOffset) {
    position = place.position
    offset = place.text
    rooms = target.rooms.map { RoomName($0) }
    except = target.exceptWithSender.map { RoomName($0) }
    isCompressed = message.isCompressed
    // Buffers grow to powers of two.
    let buffer = 1 << (Int.bitWidth - (message.byteCount + 63 + offset.utf8.count).leadingZeroBitCount)
    let names = (rooms + except).reduce(0) { $0 + $1.text.utf8.count + 32 }
    byteCount = buffer + names + Self.overhead
    form = NIOLockedValueBox(.message(message))
  }

  /// As clients are sent it: the offset is its last argument (reference: `SessionAwareAdapter.broadcast`). The first
  /// loop that wants it encodes it, and not whoever publishes it, for whom everybody waits.
  func event(of adapter: MemoryAdapter) -> EncodedEvent {
    form.withLockedValue { form in
      if case .message(let message) = form {
        do {
          let (namespace, parser) = (adapter.namespace, adapter.parser)
          let event = try message.event(namespace: namespace, parser: parser)
          form = .event(try event.appending(offset, namespace: namespace, parser: parser))
        } catch {
          adapter.onError(error)
          form = .event(.nothing)
        }
      }
      guard case .event(let event) = form else { return .nothing }
      return event
    }
  }

  /// As plain WebSockets are sent it: nobody tells them of offsets.
  func plainFrames(of adapter: MemoryAdapter) -> ByteBuffer {
    if case .message(let message) = form.withLockedValue({ $0 }) { return message.plainFrames }
    return event(of: adapter).plainFrames(without: offset)
  }
}
