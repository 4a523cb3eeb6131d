import NIOCore
import Testing

@testable import Bongsu
@testable import BongsuSocketIO

@Suite struct EventHandlersTests {
  private let ignore: EventHandler = { _, _, _ in }

  @Test func namesAreTheirBytes() {
    let composed = "caf\u{E9}", decomposed = "cafe\u{301}"
    #expect(composed == decomposed && EventKey(composed) != EventKey(decomposed))
    // One byte more, fewer or other at every place, across the sixteen that are compared at once.
    for count in 0...40 {
      let name = String(repeating: "n", count: count)
      #expect(EventKey(name) == EventKey(String(name)) && EventKey(name) != EventKey(name + "n"))
      #expect(EventKey(name) != EventKey(name + "\0"))
      for place in 0..<count {
        let other = name.prefix(place) + "m" + name.dropFirst(place + 1)
        #expect(EventKey(name) != EventKey(String(other)), "\(count), \(place)")
      }
    }
  }

  @Test func aNameIsFoundHoweverItIsWritten() throws {
    for (text, name) in [(#"2["chat"]"#, "chat"), (#"2["ch\u0061t"]"#, "chat"), ("2[17]", "17"), (#"2[""]"#, "")] {
      #expect(try key(ofPacket: text) == EventKey(name), "\(text)")
    }
  }

  private func key(ofPacket text: String) throws -> EventKey? {
    let packet = ByteBuffer(string: text)
    let head = try PacketHead(parsing: packet.readableBytesSpan, maximumAttachments: 0)
    guard case .event(let event) = try PacketBody(parsing: packet.readableBytesSpan, head: head) else { return nil }
    return event.name.key(in: packet.readableBytesSpan)
  }

  @Test func handlersAreCalledInTheirOrderAndOnceIsOnce() {
    var handlers = EventHandlers()
    let listeners = (0..<4).map { _ in EventListener() }
    handlers.add("a", listeners[0], ignore)
    handlers.add("b", listeners[1], isOnce: true, ignore)
    handlers.add("a", listeners[2], isOnce: true, ignore)
    handlers.add("a", listeners[3], ignore)
    #expect(handlers.called("a") == [listeners[0], listeners[2], listeners[3]])
    #expect(handlers.called("a") == [listeners[0], listeners[3]])
    #expect(handlers.called("b") == [listeners[1]] && handlers.called("b").isEmpty)
    handlers.remove("a", listeners[0])
    #expect(handlers.called("a") == [listeners[3]] && handlers.called("a") == [listeners[3]])
    handlers.remove("a")
    handlers.remove("never added")
    #expect(handlers.called("a").isEmpty && handlers.isEmpty)
  }
}

extension EventHandlers {
  fileprivate mutating func called(_ name: String) -> [EventListener] {
    var listeners: [EventListener] = []
    take(EventKey(name)).forEach { listeners.append($0.listener) }
    return listeners
  }
}
