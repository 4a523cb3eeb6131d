internal import BongsuSocketIO
internal import NIOCore

/// An event as it came from a client; the ranges of `payload` are into the packet's text, which is handed on beside it.
struct IncomingEvent {
  let payload: EventPayload
  let attachments: [ByteBuffer]
  let ack: Ack
}

/// Takes an event on the socket's loop. The span is the packet's text, good until the handler returns.
typealias EventHandler = @Sendable (Socket, IncomingEvent, RawSpan) throws -> Void

/// Handlers by the name of their event, in the order they were added.
struct EventHandlers: Sendable {
  private struct Entry: Sendable {
    let handler: EventHandler
    let isOnce: Bool
  }

  private var entries: [String: [Entry]] = [:]

  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ name: String, isOnce: Bool = false, _ handler: @escaping EventHandler) {
    entries[name, default: []].append(Entry(handler: handler, isOnce: isOnce))
  }

  mutating func remove(_ name: String) { entries[name] = nil }

  /// The handlers to call for one event now.
  mutating func take(_ name: String) -> [EventHandler] {
    guard let found = entries[name] else { return [] }
    if found.contains(where: \.isOnce) {
      let kept = found.filter { !$0.isOnce }
      entries[name] = kept.isEmpty ? nil : kept
    }
    return found.map(\.handler)
  }
}
