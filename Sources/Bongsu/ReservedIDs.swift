import NIOConcurrencyHelpers

/// The ids of clients that have gone and may come back: until they cannot any more, nobody else may join a room of such
/// a name. From any thread.
final class ReservedIDs: Sendable {
  /// An id is reserved as long as there is one of these: with what is kept of the session, and on the client's way
  /// back.
  final class Reservation: Sendable {
    private let id: Identifier
    private let ids: ReservedIDs

    fileprivate init(_ id: Identifier, among ids: ReservedIDs) {
      self.id = id
      self.ids = ids
    }

    deinit { ids.release(id) }
  }

  private let counts = NIOLockedValueBox<[Identifier: Int]>([:])

  func contains(_ id: Identifier) -> Bool { counts.withLockedValue { $0[id] != nil } }

  func reserve(_ id: Identifier) -> Reservation {
    counts.withLockedValue { $0[id, default: 0] += 1 }
    return Reservation(id, among: self)
  }

  private func release(_ id: Identifier) {
    counts.withLockedValue { counts in
      let count = counts[id, default: 1] - 1
      counts[id] = count > 0 ? count : nil
      if counts.isEmpty { counts = [:] }
    }
  }
}
