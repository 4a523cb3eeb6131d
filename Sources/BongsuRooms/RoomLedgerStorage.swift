/// One member as the ledger keeps it.
@safe
struct Seat {
  /// Retained by hand, so that a visit can lend members out without counting references: one that is removed during a
  /// visit is kept until the visit's end.
  let member: Unmanaged<AnyObject>

  /// The last outermost visit that has come by.
  var stamp: UInt64

  /// The rooms the member is in; without any, no heap memory.
  var stays: [Stay] = []

  init(_ member: AnyObject, stamp: UInt64) {
    unsafe self.member = .passRetained(member)
    self.stamp = stamp
  }

  func holds(_ other: AnyObject) -> Bool {
    unsafe member.toOpaque() == Unmanaged.passUnretained(other).toOpaque()
  }

  var identity: ObjectIdentifier { unsafe member._withUnsafeGuaranteedRef { ObjectIdentifier($0) } }
}

/// A member's being in a room, as the member's seat has it.
struct Stay {
  var room: UInt32
  /// Where in the room's `places`.
  var position: UInt32
}

/// A member's being in a room, as the room has it.
struct Place {
  var seat: UInt32
  /// Where in the seat's `stays`.
  var stay: UInt32
}

struct Room {
  let name: String
  var places: [Place] = []
}

extension Array {
  /// Empties the array; gives its memory back unless it is little.
  mutating func releaseIfLarge() {
    removeAll(keepingCapacity: capacity <= 1024)
  }
}

extension UInt32 {
  /// The number of a seat, a room or a position: memory ends long before the numbers do.
  init(number: Int) {
    self.init(truncatingIfNeeded: number)
  }
}
