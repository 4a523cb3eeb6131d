/// The rooms of one namespace as far as one loop's members are in them.
///
/// Touched by the loop's thread only. It keeps the shared `RoomTable` up to date about this loop by itself, both for
/// rooms and for the namespace as a whole (`RoomKey.everyone(in:)`).
///
/// Members sit in a dense array, and a room is a dense array of seat numbers: a visit is a walk, and leaving a swap
/// with the last. A member that is in no room costs its seat, 24 bytes, and nothing else on the heap.
///
/// Everything may be called from within a visit: see `forEach(in:except:excluding:_:)`.
///
/// Call `removeAll` before letting go of it; otherwise the table goes on naming this loop.
public final class LocalRooms<Member: RoomMember> {
  /// Unchecked, which makes a visit several times as fast, because accesses cannot overlap: one lasts for one call of
  /// a ledger's method, and none of those calls back.
  @exclusivity(unchecked) @usableFromInline var ledger: RoomLedger

  @usableFromInline let ownerOfRoom: ((String) -> Member?)?

  /// - Parameters:
  ///   - namespace: The namespace's number in the table.
  ///   - loop: The loop that owns this.
  ///   - table: Where this loop's rooms are made known to the other loops.
  ///   - roomsPerMember: How many rooms one member may be in at a time.
  ///   - ownerOfRoom: Finds the member whose *own* room has a name: in Socket.IO every socket is in a room named by its
  ///     id. Such rooms cost nothing, they are resolved by asking once for each name in a visit.
  public init(
    namespace: UInt32, loop: Int, table: RoomTable, roomsPerMember: Int, ownerOfRoom: ((String) -> Member?)? = nil
  ) {
    unsafe ledger = RoomLedger(namespace: namespace, loop: loop, table: table, roomsPerMember: roomsPerMember)
    self.ownerOfRoom = ownerOfRoom
  }

  deinit {
    for seat in unsafe ledger.seats {
      unsafe seat.member.release()
    }
  }

  // MARK: Members

  /// The number of members.
  public var count: Int { unsafe ledger.seats.count }

  /// Seats a member; false if it sits here already.
  @discardableResult
  public func add(_ member: Member) -> Bool {
    guard seat(of: member) == nil else { return false }
    member.roomSeat = RoomSeat(unsafe ledger.seats.count)
    unsafe ledger.add(member)
    return true
  }

  /// Lets a member leave all its rooms and its seat; false if it does not sit here.
  @discardableResult
  public func remove(_ member: Member) -> Bool {
    guard let seat = seat(of: member) else { return false }
    let (gone, moved) = unsafe ledger.remove(seat: seat)
    member.roomSeat = RoomSeat()
    // Only members are ever given to the ledger.
    if let moved { unsafe unsafeDowncast(moved, to: Member.self).roomSeat = RoomSeat(seat) }
    withExtendedLifetime(gone) {}
    return true
  }

  /// Removes every member.
  public func removeAll() {
    while let last = unsafe ledger.seats.last {
      remove(unsafe unsafeDowncast(last.member.takeUnretainedValue(), to: Member.self))
    }
  }

  public func contains(_ member: Member) -> Bool { seat(of: member) != nil }

  /// The seat that a member has here, whatever its `roomSeat` claims.
  @inlinable
  func seat(of member: Member) -> Int? {
    let number = Int(truncatingIfNeeded: member.roomSeat.number)
    return unsafe ledger.holds(member, at: number) ? number : nil
  }

  /// What is wrong with the bookkeeping, if anything; for tests.
  package func violation() -> String? {
    var violation = unsafe ledger.violation()
    forEach(in: []) { if seat(of: $0) == nil { violation = "a member does not know its seat" } }
    return violation
  }
}
