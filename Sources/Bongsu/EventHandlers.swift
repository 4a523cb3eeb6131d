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

  private struct Event: Sendable {
    let name: String
    let key: EventKey
    var entries: [Entry]
  }

  // Looked through from the start: to hash a name takes as long as to compare dozens.
  private var events: [Event] = []

  var isEmpty: Bool { events.isEmpty }

  mutating func add(_ name: String, _ listener: EventListener, isOnce: Bool = false, _ handler: @escaping EventHandler)
  {
    let key = EventKey(name)
    let entry = Entry(listener: listener, handler: handler, isOnce: isOnce)
    if let index = index(of: key) {
      events[index].entries.append(entry)
    } else {
      events.append(Event(name: name, key: key, entries: [entry]))
    }
  }

  var names: [String] { events.map(\.name) }

  func listeners(_ name: String) -> [EventListener] {
    index(of: EventKey(name)).map { events[$0].entries.map(\.listener) } ?? []
  }

  mutating func remove(_ name: String) {
    if let index = index(of: EventKey(name)) { events.remove(at: index) }
  }

  mutating func remove(_ name: String, _ listener: EventListener) {
    if let index = index(of: EventKey(name)) { keep(index) { $0.listener != listener } }
  }

  /// The handler to call for one event now, if there is but one and it is called again; nil when ``take(_:)`` has to
  /// tell.
  func only(_ key: EventKey) -> EventHandler? {
    guard let index = index(of: key), events[index].entries.count == 1, !events[index].entries[0].isOnce else {
      return nil
    }
    return events[index].entries[0].handler
  }

  /// The handlers to call for one event now.
  mutating func take(_ key: EventKey) -> [Entry] {
    guard let index = index(of: key) else { return [] }
    let found = events[index].entries
    if found.contains(where: \.isOnce) { keep(index) { !$0.isOnce } }
    return found
  }

  private func index(of key: EventKey) -> Int? {
    for index in events.indices where events[index].key == key { return index }
    return nil
  }

  private mutating func keep(_ index: Int, _ isKept: (Entry) -> Bool) {
    events[index].entries.removeAll { !isKept($0) }
    if events[index].entries.isEmpty { events.remove(at: index) }
  }
}
