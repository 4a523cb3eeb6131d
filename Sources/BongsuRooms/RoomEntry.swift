import Synchronization

/// A node of the room table's one list: a room, or a signpost that walks start from.
///
/// The bytes of a room's name follow in the same block of memory. A `String` would be counted by every loop that
/// compares it, and all of them would count in one place.
struct RoomEntry: ~Copyable {
  /// Where the node stands in the list: a room's hash with the lowest bit set, or a signpost's even position.
  var order: UInt64

  /// A room's loops, where 0 is the closed state, entered once and never left. A signpost's `SignpostState`.
  let loops: Atomic<UInt64>

  let next: Atomic<Link>

  let namespace: UInt32

  /// How many bytes of name follow; −1 when the entry stands for everyone in the namespace, or is a signpost.
  let nameCount: Int

  init(order: UInt64, namespace: UInt32 = 0, nameCount: Int = -1, loops: UInt64) {
    self.order = order
    self.loops = Atomic(loops)
    next = Atomic(.end)
    self.namespace = namespace
    self.nameCount = nameCount
  }
}

/// What the `loops` word of a signpost says.
enum SignpostState {
  static let unused: UInt64 = 0
  /// One loop is linking the signpost into the list; nobody waits for it.
  static let claimed: UInt64 = 1
  static let open: UInt64 = 2
}
