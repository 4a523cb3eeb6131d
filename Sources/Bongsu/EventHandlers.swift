internal import BongsuSocketIO
internal import NIOCore

/// An event as it came from a client; the ranges of `payload` are into the packet's text, which is handed on beside it.
struct IncomingEvent: Sendable {
  let payload: EventPayload
  let attachments: [ByteBuffer]
  let ack: Ack

  /// A copy of what came.
  func arguments(in text: RawSpan) -> Arguments { Arguments(payload.arguments, attachments, in: text) }
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
    let key: EventKey
    // Beside the key, by which it is found: most have no other.
    var first: Entry
    var others: [Entry] = []
    let name: String

    var entries: [Entry] { [first] + others }
  }

  // Looked through from the start: to hash a name takes as long as to compare dozens.
  private var events: [Event] = []

  var isEmpty: Bool { events.isEmpty }

  mutating func add(_ name: String, _ listener: EventListener, isOnce: Bool = false, _ handler: @escaping EventHandler)
  {
    let key = EventKey(name)
    let entry = Entry(listener: listener, handler: handler, isOnce: isOnce)
    if let index = index(of: key) {
      events[index].others.append(entry)
    } else {
      events.append(Event(key: key, first: entry, name: name))
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

  /// Who is called for one event. For most it is one, which needs no list.
  enum Called {
    case nobody
    case one(Entry)
    case several([Entry])

    @inline(__always)
    func forEach(_ body: (Entry) -> Void) {
      switch self {
      case .nobody: break
      case .one(let entry): body(entry)
      case .several(let entries): entries.forEach(body)
      }
    }

    var isNobody: Bool { if case .nobody = self { true } else { false } }
  }

  /// Those to call for one event now.
  mutating func take(_ key: EventKey) -> Called {
    guard let index = index(of: key) else { return .nobody }
    if events[index].others.isEmpty, !events[index].first.isOnce { return .one(events[index].first) }
    let found = events[index].entries
    if found.contains(where: \.isOnce) { keep(index) { !$0.isOnce } }
    return .several(found)
  }

  private func index(of key: EventKey) -> Int? {
    for index in events.indices where events[index].key == key { return index }
    return nil
  }

  private mutating func keep(_ index: Int, _ isKept: (Entry) -> Bool) {
    let kept = events[index].entries.filter(isKept)
    guard let first = kept.first else {
      events.remove(at: index)
      return
    }
    events[index].first = first
    events[index].others = Array(kept.dropFirst())
  }
}
