extension LocalRooms {
  /// Calls `body` for each member that is in at least one of the rooms, or for everyone, once.
  ///
  /// - Parameters:
  ///   - names: The rooms; an empty array means everyone. A name also stands for the member whose own room has it.
  ///   - except: Who is in one of these rooms at the start of the visit is left out.
  ///   - excluded: One more member to leave out, usually the sender.
  ///   - body: May call anything here, `forEach` included. Members that neither join nor leave meanwhile are visited
  ///     all the same, exactly once. One that joins or leaves is visited once or not at all; one that has been
  ///     removed or added is not visited any more.
  @inlinable
  public func forEach(
    in names: [String], except: [String] = [], excluding excluded: Member? = nil, _ body: (Member) -> Void
  ) {
    unsafe ledger.beginVisit()
    // Who is left out counts as visited.
    if let excluded, let seat = seat(of: excluded) { _ = unsafe ledger.claim(seat) }
    for name in except {
      if let room = unsafe ledger.number(of: name) { unsafe ledger.claimAll(in: room) }
      if let owner = owner(of: name), let seat = seat(of: owner) { _ = unsafe ledger.claim(seat) }
    }
    if names.isEmpty {
      var index = Int.max
      while let member = unsafe ledger.next(below: &index) { unsafe lend(member, to: body) }
    }
    for name in names {
      if let room = unsafe ledger.number(of: name) {
        var index = Int.max
        while let member = unsafe ledger.next(in: room, below: &index) { unsafe lend(member, to: body) }
      }
      if let owner = owner(of: name), let seat = seat(of: owner), unsafe ledger.claim(seat) { body(owner) }
    }
    _ = unsafe ledger.endVisit()
  }

  /// Calls the body without retaining the member, which the ledger keeps until the visit's end.
  @inlinable
  func lend(_ member: Unmanaged<AnyObject>, to body: (Member) -> Void) {
    unsafe member._withUnsafeGuaranteedRef { unsafe body(unsafeDowncast($0, to: Member.self)) }
  }

  @inlinable
  func owner(of name: String) -> Member? {
    guard let ownerOfRoom else { return nil }
    return ownerOfRoom(name)
  }
}
