internal import BongsuSocketIO
internal import NIOCore
import Synchronization

/// The built-in relay application: clients join rooms and send each other events without any server code.
///
/// A client may emit
///  * `join(room, options?, ack?)`; with the option `presence: true` it is sent `relay:left(room, id)` whenever another
///    client leaves that room or disconnects;
///  * `leave(room, ack?)`;
///  * `relay(options, event, …arguments, ack?)`, where options are `to` and `except` (a room, a socket id or an array
///    of them; no `to` means everyone in the namespace), `self: true` (the sender too) and `volatile: true`. The
///    others receive `event(…arguments)`.
///
/// What they do not take is refused. Acknowledgements answer `{"ok":true,…}` or `{"ok":false,"error":"…"}`.
public final class Relay: Sendable {
  /// Clients that asked to hear who leaves; while there are none, nobody's leaving costs anything.
  private let watchers = Atomic<Int>(0)

  public init() {}

  /// Serves the clients of a namespace.
  public func install(on namespace: Namespace) {
    namespace.onEvent("join") { [self] socket, event, text in
      Self.answer(event) { () throws(RelayError) in try join(socket, event, text) }
    }
    namespace.onEvent("leave") { [self] socket, event, text in
      Self.answer(event) { () throws(RelayError) in try leave(socket, event, text) }
    }
    namespace.onEvent("relay") { socket, event, text in
      Self.answer(event) { () throws(RelayError) in try Self.relay(socket, event, text) }
    }
    if namespace.memory.recovery != nil {
      namespace.on("connection") { [self] (socket: Socket) -> Void in
        // A client that is back is in its rooms as before.
        let watches = socket.recovered ? socket.roomNames.count(where: RelayRoom.isWatch) : 0
        if watches > 0 { watchers.add(watches, ordering: .relaxed) }
      }
    }
    namespace.onEvent("disconnecting") { [self] socket, _, _ in
      guard watchers.load(ordering: .relaxed) > 0 else { return }
      for room in socket.roomNames where !socket.isOwn(room) {
        if RelayRoom.isWatch(room) {
          watchers.subtract(1, ordering: .relaxed)
        } else {
          tellOfLeaving(socket, room)
        }
      }
    }
  }

  /// Runs `body` and answers the sender, if it wants to know: with what `body` returns, or with its error.
  private static func answer(_ event: IncomingEvent, _ body: () throws(RelayError) -> String) {
    let json: String
    do throws(RelayError) { json = try body() } catch { json = #"{"ok":false,"error":"\#(error.rawValue)"}"# }
    if event.ack.isExpected { event.ack(JSONBytes(ByteBuffer(string: json))) }
  }

  private func join(_ socket: Socket, _ event: IncomingEvent, _ text: RawSpan) throws(RelayError) -> String {
    let room = try Self.room(event, text)
    // A room with another socket's id would overhear what is meant for that client alone.
    guard socket.isOwn(room) || !socket.namespace.isClientID(room) else { throw .foreignID }
    let watch = RelayRoom.watch(room)
    let wantsPresence = try JoinOptions(event.value(1, text), in: text).presence
    let isNewWatcher = wantsPresence && !socket.isIn(watch)
    if wantsPresence { try Self.join(socket, watch) }
    do throws(RelayError) { try Self.join(socket, room) } catch {
      if isNewWatcher { socket.leave(watch) }
      throw error
    }
    if isNewWatcher { watchers.add(1, ordering: .relaxed) }
    var answer = ByteBuffer(string: #"{"ok":true,"id":"\#(socket.id)","room":"#)
    JSONText.write(room, into: &answer)
    return String(buffer: answer) + "}"
  }

  private static func join(_ socket: Socket, _ room: String) throws(RelayError) {
    do throws(RoomError) { try socket.joinNow(room) } catch {
      switch error {
      case .tooManyRooms: throw .tooManyRooms
      case .nameTooLong: throw .invalidRoom
      }
    }
  }

  private func leave(_ socket: Socket, _ event: IncomingEvent, _ text: RawSpan) throws(RelayError) -> String {
    let room = try Self.room(event, text)
    let wasIn = socket.isIn(room)
    if socket.isIn(RelayRoom.watch(room)) {
      socket.leave(RelayRoom.watch(room))
      watchers.subtract(1, ordering: .relaxed)
    }
    socket.leave(room)
    if wasIn, watchers.load(ordering: .relaxed) > 0 { tellOfLeaving(socket, room) }
    return #"{"ok":true}"#
  }

  private func tellOfLeaving(_ socket: Socket, _ room: String) {
    socket.to(RelayRoom.watch(room)).emit("relay:left", room, socket.id)
  }

  private static func relay(_ socket: Socket, _ event: IncomingEvent, _ text: RawSpan) throws(RelayError) -> String {
    guard let first = event.value(0, text) else { throw .noOptions }
    let options = try RelayOptions(first, in: text)
    guard let name = event.value(1, text)?.string(in: text) else { throw .noEvent }
    guard !EventName.isReserved(name), !name.utf8.starts(with: "relay:".utf8) else { throw .reservedEvent }
    guard let elements = event.payload.arguments.text(from: 1) else { throw .noEvent }
    // An empty list of rooms is nobody, where no list at all is everyone.
    if options.to?.isEmpty == true { return #"{"ok":true}"# }
    let target = Target(
      rooms: options.to ?? [], except: options.except, sender: options.includesSender ? nil : socket)
    do {
      let encoded = try EncodedEvent(
        elements: text.extracting(elements), count: event.payload.arguments.count - 1,
        attachments: event.attachments, namespace: socket.namespace.name, ackID: nil, parser: socket.namespace.parser)
      socket.namespace.publish(Message(content: .event(encoded), isVolatile: options.isVolatile), to: target)
    } catch {
      socket.namespace.report(error)
    }
    return #"{"ok":true}"#
  }

  private static func room(_ event: IncomingEvent, _ text: RawSpan) throws(RelayError) -> String {
    guard let room = event.value(0, text)?.string(in: text), RelayRoom.isValid(room) else { throw .invalidRoom }
    return room
  }
}

/// Why a request of a client was not carried out, in words for whoever wrote the client.
enum RelayError: String, Error {
  case invalidRoom = "a room is a non-empty string of limited length"
  case foreignID = "this is the id of another client"
  case tooManyRooms = "you are in as many rooms as you may be"
  case tooManyNames = "a message may name 128 rooms at most"
  case noOptions = "the first argument of relay is an object: {to, except, self, volatile}"
  case unknownOption = "relay takes the options to, except, self and volatile"
  case noJoinOptions = "the options of join are an object: {presence}"
  case unknownJoinOption = "join takes the option presence"
  case noFlag = "presence, self and volatile are true or false"
  case noEvent = "the second argument of relay is the name of the event"
  case reservedEvent = "this event name is reserved"
}

/// Rooms as clients of the relay may name them. Those that begin with NUL are the relay's own.
enum RelayRoom {
  static func isValid(_ room: String) -> Bool { !room.isEmpty && room.utf8.first != 0 && room.utf8.count <= 4_096 }

  /// The room of those who want to hear who leaves `room`.
  static func watch(_ room: String) -> String { "\u{0}" + room }

  static func isWatch(_ room: String) -> Bool { room.utf8.first == 0 }
}

extension IncomingEvent {
  fileprivate func value(_ index: Int, _ text: RawSpan) -> ArgumentValue? {
    ArgumentValue(index, of: payload.arguments, in: text)
  }
}
