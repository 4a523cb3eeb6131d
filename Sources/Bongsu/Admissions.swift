internal import BongsuReactor
import NIOConcurrencyHelpers
import Synchronization

/// How many connections there are, in all and from each address.
final class Admissions: Sendable {
  /// One connection of an address, as long as somebody holds it.
  private final class Ticket: Sendable {
    let admissions: Admissions
    let address: String

    init(_ admissions: Admissions, _ address: String) {
      self.admissions = admissions
      self.address = address
    }

    deinit { admissions.release(address) }
  }

  private let limit: Int
  private let limitPerAddress: Int
  private let total = Atomic<Int>(0)
  private let byAddress = NIOLockedValueBox<[String: Int]>([:])

  init(_ limits: Limits) {
    limit = limits.connections
    limitPerAddress = limits.connectionsPerAddress
  }

  /// Counts a new connection in; returns the limit that it is over, if it is.
  func admit(_ connection: Connection) -> LimitName? {
    let isOver = total.add(1, ordering: .relaxed).newValue > limit
    guard limitPerAddress < .max, let address = connection.peer?.address else { return isOver ? .connections : nil }
    let isWithin = byAddress.withLockedValue { counts in
      counts[address, default: 0] += 1
      return counts[address, default: 0] <= limitPerAddress
    }
    connection.ticket = Ticket(self, address)
    return isOver ? .connections : isWithin ? nil : .connectionsPerAddress
  }

  /// A connection was closed.
  func closed() { total.subtract(1, ordering: .relaxed) }

  private func release(_ address: String) {
    byAddress.withLockedValue { counts in
      guard let left = counts[address] else { return }
      counts[address] = left > 1 ? left - 1 : nil
    }
  }
}
