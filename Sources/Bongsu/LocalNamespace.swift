internal import BongsuReactor
internal import BongsuRooms
import Synchronization

/// One loop's part of a namespace: the sockets that live here and the rooms they are in.
final class LocalNamespace {
  let namespace: Namespace
  unowned let hub: Hub
  private let rooms: LocalRooms<Member>
  /// Sockets by id, which other threads may look at.
  private let directory: SocketDirectory.Shelf
  /// Joins that this loop has asked other loops for and that they have not made yet.
  private var changesElsewhere = 0

  init(_ namespace: Namespace, hub: Hub) {
    self.namespace = namespace
    self.hub = hub
    let shelf = namespace.directory.shelf(hub.index)
    directory = shelf
    rooms = LocalRooms(
      namespace: namespace.number, loop: hub.index, table: hub.server.roomTable,
      roomsPerMember: hub.configuration.limits.roomsPerSocket,
      ownerOfRoom: { name in Identifier(name).flatMap { shelf.ownSocket($0) } })
  }

  // MARK: Members

  func add(_ socket: Socket) {
    rooms.add(socket)
    directory.insert(socket)
  }

  func add(_ peer: WebSocketPeer) { rooms.add(peer) }

  func remove(_ member: Member) {
    if let socket = member as? Socket { directory.remove(socket) }
    rooms.remove(member)
  }

  func join(_ member: Member, _ room: String) throws(RoomsError) {
    // A socket's own room is there without joining.
    if let socket = member as? Socket, socket.identifier.description == room { return }
    try rooms.join(member, room)
  }

  func leave(_ member: Member, _ room: String) { rooms.leave(member, room) }

  func contains(_ member: Member, in room: String) -> Bool { rooms.contains(member, in: room) }

  func names(of member: Member) -> [String] { rooms.names(of: member) }

  func forEachMember(of target: Target = Target(), _ body: (Member) -> Void) {
    rooms.forEach(in: target.rooms, except: target.except, excluding: target.sender, body)
  }

  /// Changes members on another loop. Messages that this loop publishes from now on find them changed.
  func change(on other: HubReference, _ body: @escaping @Sendable (LocalNamespace) -> Void) {
    changesElsewhere += 1
    let namespace = self.namespace
    let here = HubReference(hub)
    other.loop.submit {
      body(other.value.local(namespace))
      here.loop.submit { here.value.local(namespace).changesElsewhere -= 1 }
    }
  }

  // MARK: Publishing

  /// Hands a message to the members on this loop.
  func deliver(_ message: Message, to target: Target) {
    let delivery = Delivery(message, namespace: namespace.name, on: hub)
    // Plain WebSockets are in rooms of a namespace, not in the namespace itself.
    let isForAll = target.rooms.isEmpty && !namespace.isPlain
    var count = 0
    rooms.forEach(in: target.rooms, except: target.except, excluding: target.sender) { member in
      if isForAll, member is WebSocketPeer { return }
      member.deliver(delivery)
      count += 1
    }
    hub.deliveries += count
    hub.loop.relieve()
  }

  /// Hands a message to every loop that has members of the target.
  func publish(_ message: Message, to target: Target) {
    let table = hub.server.roomTable
    var loops = LoopSet.none
    // What this loop has asked for before counts, even if the room table does not know of it yet.
    let mayBeAnywhere = target.rooms.isEmpty || changesElsewhere > 0
    if mayBeAnywhere { loops = table.loops(of: .everyone(in: namespace.number), loop: hub.index) }
    for room in target.rooms {
      loops = loops.union(table.loops(of: RoomKey(namespace: namespace.number, name: room), loop: hub.index))
      if let id = Identifier(room), id.loop < hub.server.hubs.count { loops.insert(id.loop) }
    }
    if loops.contains(hub.index) { deliver(message, to: target) }
    for loop in loops.removing(hub.index) {
      let other = hub.server.hubs[loop]
      namespace.deliver(message, to: target, on: other)
      if other.load.isTooHigh { hub.congestion.holdReader() }
    }
  }
}
