internal import BongsuSocketIO
internal import NIOCore

/// An event as it came from a client; the ranges of `payload` are into the packet's text, which is handed on beside it.
struct IncomingEvent: Sendable {
  let payload: EventPayload
  let attachments: [ByteBuffer]
  let ack: Ack
}

/// Takes an event on the socket's loop. The span is the packet's text, good until the handler returns.
typealias EventHandler = @Sendable (Socket, IncomingEvent, RawSpan) throws -> Void

/// Handlers by the name of their event, in the order they were added.
struct EventHandlers: Sendable {
  struct Entry: Sendable {
    let listener: EventListener
    let handler: EventHandler
    let isOnce: Bool
  }

  private var entries: [String: [Entry]] = [:]

  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ name: String, _ listener: EventListener, isOnce: Bool = false, _ handler: @escaping EventHandler)
  {
    entries[name, default: []].append(Entry(listener: listener, handler: handler, isOnce: isOnce))
  }

  var names: [String] { Array(entries.keys) }

  func listeners(_ name: String) -> [EventListener] { entries[name, default: []].map(\.listener) }

  mutating func remove(_ name: String) { entries[name] = nil }

  mutating func remove(_ name: String, _ listener: EventListener) {
    keep(name) { $0.listener != listener }
  }

  /// The handlers to call for one event now.
  mutating func take(_ name: String) -> [Entry] {
    guard !entries.isEmpty, let found = entries[name] else { return [] }
    if found.contains(where: \.isOnce) { keep(name) { !$0.isOnce } }
    return found
  }

  private mutating func keep(_ name: String, _ isKept: (Entry) -> Bool) {
    let kept = entries[name, default: []].filter(isKept)
    entries[name] = kept.isEmpty ? nil : kept
  }
}
