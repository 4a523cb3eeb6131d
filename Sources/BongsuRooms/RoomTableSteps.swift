/// The moments in the table's work between which another loop may run.
package enum RoomTableStep: Sendable, CaseIterable {
  case walking, admitting, withdrawing, marking, unlinking, linking
  case claimingSignpost, openingSignpost, deepening
  case pinning, advancing
}

/// Told of every step, immediately before it is taken.
///
/// A test puts other loops' calls between any two steps of a call; the production table is specialised for
/// `NoSteps`, of which nothing is left after inlining.
package protocol RoomTableSteps: Sendable {
  func willTake(_ step: RoomTableStep)

  /// A hash that decides where in the list a room stands, instead of the keyed one; nil for the keyed one.
  func hash(of key: RoomKey) -> UInt64?
}

package struct NoSteps: RoomTableSteps {
  package init() {}

  @inline(always)
  package func willTake(_ step: RoomTableStep) {}

  @inline(always)
  package func hash(of key: RoomKey) -> UInt64? { nil }
}
