import NIOConcurrencyHelpers
internal import BongsuReactor
internal import BongsuRooms

/// One loop's part of a namespace: the sockets that live here and the rooms they are in.
final class LocalNamespace {
  unowned let adapter: MemoryAdapter
  unowned let hub: Hub
  private let rooms: LocalRooms<Member>
  /// Sockets by id, which other threads may look at.
  private let directory: SocketDirectory.Shelf
  /// Nil without connection state recovery.
  private(set) var feed: Feed?
  /// Joins that this loop has asked other loops for and that they have not made yet.
  private var changesElsewhere = 0

  init(_ adapter: MemoryAdapter, _ shelf: SocketDirectory.Shelf, hub: Hub) {
    self.adapter = adapter
    self.hub = hub
    directory = shelf
    // Of a socket that has come back to another loop, its own room is one of them.
    rooms = LocalRooms(
      namespace: adapter.number, loop: hub.index, table: hub.server.roomTable,
      roomsPerMember: hub.limits.roomsPerSocket + (adapter.recovery == nil ? 0 : 1),
      ownerOfRoom: { [unowned shelf] name in Identifier(name).flatMap { shelf.ownSocket($0) } })
    feed = adapter.recovery.map { Feed($0, of: self) }
    if adapter.roomHandlers.withLockedValue({ !$0.isEmpty }) { observe() }
  }

  // MARK: Members

  func add(_ socket: Socket) {
    rooms.add(socket)
    directory.insert(socket)
    guard rooms.isObserved, !socket.isAstray else { return }
    adapter.tell([.created(socket.id), .joined(socket.id)], of: socket)
  }

  func add(_ peer: WebSocketPeer) { rooms.add(peer) }

  func remove(_ member: Member) {
    rooms.remove(member)
    let socket = member as? Socket
    if let socket { directory.remove(socket) }
    guard rooms.isObserved else { return }
    if let socket, !socket.isAstray { adapter.tell([.left(socket.id), .deleted(socket.id)], of: socket) }
    adapter.tell(rooms.takeNews(), of: member)
  }

  func join(_ member: Member, _ room: String) throws(RoomsError) {
    // A socket's own room is there without joining.
    if let socket = member as? Socket, Identifier(room) == socket.identifier { return }
    feed?.catchUp()
    try rooms.join(member, room)
    if let feed { (member as? Socket)?.continuity?.history.joined(room, at: feed.done) }
    if rooms.isObserved { adapter.tell(rooms.takeNews(), of: member) }
  }

  /// For a socket whose id does not say that it is on this loop: its own room is a room like any other.
  func joinOwn(_ socket: Socket) {
    do throws(RoomsError) { try rooms.join(socket, socket.id) } catch { adapter.onError(error) }
    if rooms.isObserved { adapter.tell(rooms.takeNews(), of: socket) }
  }

  func leave(_ member: Member, _ room: String) {
    feed?.catchUp()
    rooms.leave(member, room)
    if let feed {
      let limit = feed.recovery.options.formerRooms
      (member as? Socket)?.continuity?.history.left(room, at: feed.begun, limit: limit)
    }
    if rooms.isObserved { adapter.tell(rooms.takeNews(), of: member) }
  }

  /// Lets everybody but `owner` leave a room.
  func vacate(_ room: String, for owner: Socket) {
    var others: [Member] = []
    forEachMember(of: Target(rooms: [room])) { if $0 !== owner { others.append($0) } }
    for member in others { leave(member, room) }
  }

  func contains(_ member: Member, in room: String) -> Bool { rooms.contains(member, in: room) }

  func names(of member: Member) -> [String] { rooms.names(of: member) }

  func forEachMember(of target: Target = Target(), _ body: (Member) -> Void) {
    rooms.forEach(in: target.rooms, except: target.except, excluding: target.sender, body)
  }

  func sockets(of target: Target) -> [Socket] {
    var sockets: [Socket] = []
    forEachMember(of: target) { if let socket = $0 as? Socket { sockets.append(socket) } }
    return sockets
  }

  /// Tells the adapter of rooms from here on.
  func observe() { rooms.isObserved = true }

  /// Changes members on another loop. Messages that this loop publishes from now on find them changed.
  func change(on other: HubReference, _ body: @escaping @Sendable (LocalNamespace) -> Void) {
    changesElsewhere += 1
    let adapter = self.adapter
    let here = HubReference(hub)
    adapter.submit(to: other) { local in
      body(local)
      here.loop.submit { adapter.local(on: here.value).changesElsewhere -= 1 }
    }
  }

  // MARK: Publishing

  /// Hands a message to the members on this loop.
  func deliver(_ message: Message, to target: Target) {
    deliver(Delivery(message, of: adapter, on: hub), to: target)
  }

  func deliver(_ delivery: Delivery, to target: Target) {
    // Plain WebSockets are in rooms of a namespace, not in the namespace itself.
    let isForAll = target.rooms.isEmpty && !adapter.isPlain
    var count = 0
    hub.deliveriesUnderWay += 1
    rooms.forEach(in: target.rooms, except: target.except, excluding: target.sender) { member in
      if isForAll, member is WebSocketPeer { return }
      member.deliver(delivery)
      count += 1
    }
    hub.deliveriesUnderWay -= 1
    hub.delivered(count, bytes: count > 0 ? delivery.byteCount : 0)
    // A listener to what goes out may have published in the middle of another delivery, whose frames are needed still.
    if hub.deliveriesUnderWay == 0 { hub.loop.relieve() }
  }

  /// The loops that have members of the target.
  private func loops(of target: Target) -> LoopSet {
    let table = hub.server.roomTable
    var loops = LoopSet.none
    // What this loop has asked for before counts, even if the room table does not know of it yet.
    let mayBeAnywhere = target.rooms.isEmpty || changesElsewhere > 0
    if mayBeAnywhere { loops = table.loops(of: .everyone(in: adapter.number), loop: hub.index) }
    for room in target.rooms {
      loops = loops.union(table.loops(of: RoomKey(namespace: adapter.number, name: room), loop: hub.index))
      if let id = Identifier(room), id.loop < adapter.hubs.list.count { loops.insert(id.loop) }
    }
    return loops
  }

  /// Hands a message to every loop that has members of the target.
  func publish(_ message: Message, to target: Target) {
    if let feed, !message.isVolatile { return feed.publish(message, to: target) { self.loops(of: target) } }
    let loops = self.loops(of: target)
    if loops.contains(hub.index) { deliver(message, to: target) }
    for loop in loops.removing(hub.index) {
      let other = adapter.hubs.list[loop]
      adapter.deliver(message, to: target, on: other)
      if other.load.isTooHigh { hub.congestion.holdReader() }
    }
  }

  /// Hands a message to the sockets on this loop and lets them be asked for an acknowledgement; says how many were.
  func ask(_ message: Message, id: UInt64, _ target: Target, _ answers: AckCollector) -> Int {
    let sockets = sockets(of: target)
    guard !sockets.isEmpty else { return 0 }
    let delivery = Delivery(message, of: adapter, on: hub)
    let question = Question(id, on: hub.loop, answers)
    hub.deliveriesUnderWay += 1
    for socket in sockets where question.put(to: socket) { socket.deliver(delivery) }
    hub.deliveriesUnderWay -= 1
    hub.delivered(question.count, bytes: delivery.byteCount)
    question.wait()
    return question.count
  }
}
