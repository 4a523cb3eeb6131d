internal import BongsuSession
internal import BongsuSocketIO
internal import Logging

// What the page may do (`ClientEvents` of the reference's typed-events.ts). A filter is the name of a room or the id of
// a socket; without one it is about everybody in the namespace.
extension Admin {
  func handleCommands() {
    handle("emit") { [self] arguments, text in
      let (name, filter) = (try arguments.next(String.self, in: text), try arguments.next(String?.self, in: text))
      let event = try arguments.next(String.self, in: text)
      clients(name, filter)?.emit(event, try arguments.next(Arguments.self, in: text))
    }
    handle("join") { [self] arguments, text in
      let (name, room) = (try arguments.next(String.self, in: text), try arguments.next(String.self, in: text))
      clients(name, try arguments.next(String?.self, in: text))?.socketsJoin(room)
    }
    handle("leave") { [self] arguments, text in
      let (name, room) = (try arguments.next(String.self, in: text), try arguments.next(String.self, in: text))
      clients(name, try arguments.next(String?.self, in: text))?.socketsLeave(room)
    }
    handle("_disconnect") { [self] arguments, text in
      let (name, close) = (try arguments.next(String.self, in: text), try arguments.next(Bool?.self, in: text))
      clients(name, try arguments.next(String?.self, in: text))?.disconnectSockets(close ?? false)
    }
  }

  private func handle(
    _ command: String, _ body: @escaping @Sendable (inout ArgumentDecoder, RawSpan) throws -> Void
  ) {
    namespace.onEvent(command) { [self] page, event, text in
      server.log.info("command of the Admin UI", ["command": .string(command), "page": .string(page.id)])
      var arguments = ArgumentDecoder(event.payload.arguments, attachments: event.attachments, ack: event.ack)
      try body(&arguments, text)
    }
  }

  /// `nil` when there is no such namespace; the page does not make one.
  private func clients(_ name: String, _ filter: String?) -> BroadcastOperator? {
    guard let namespace = server.namespaces.existing(name) else { return nil }
    return filter.map { namespace.to($0) } ?? BroadcastOperator(namespace, Target())
  }
}
